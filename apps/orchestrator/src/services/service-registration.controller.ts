import { Body, Controller, HttpCode, Param, Put } from '@nestjs/common';
import type { ServiceRegistration } from '@uno/workflow-contracts';
import { ForService, Service } from '../auth/auth.decorators.js';
import { forbidden } from '../problems/problem.error.js';
import type { ServicePath } from './service.schema.js';
import { servicePath, storableRegistration } from './service.schema.js';
import { ServicesService } from './services.service.js';

/** Where workers register their service at start. */
@Controller('internal/v1/services')
@ForService()
export class ServiceRegistrationController {
  constructor(private readonly services: ServicesService) {}

  @Put(':serviceId')
  @HttpCode(204)
  async register(
    @Service() caller: string,
    @Param({ schema: servicePath }) { serviceId }: ServicePath,
    @Body({ schema: storableRegistration }) body: ServiceRegistration,
  ): Promise<void> {
    if (serviceId !== body.id) throw forbidden('The path names another service than the body.');
    await this.services.register(caller, body);
  }
}
