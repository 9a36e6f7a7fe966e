import { Controller, Get } from '@nestjs/common';
import { ForWorkspace } from '../auth/auth.decorators.js';
import { ApiRoute } from '../openapi/api-route.decorator.js';
import type { ServiceCatalogue } from './service.schema.js';
import { serviceCatalogue } from './service.schema.js';
import { ServicesService } from './services.service.js';

/** The catalogue of services for users. */
@Controller('v1/services')
@ForWorkspace()
export class ServicesController {
  constructor(private readonly services: ServicesService) {}

  @Get()
  @ApiRoute({ summary: 'Services that can fill a column', response: serviceCatalogue })
  async getServices(): Promise<ServiceCatalogue> {
    return this.services.catalogue();
  }
}
