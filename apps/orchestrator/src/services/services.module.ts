import { Module } from '@nestjs/common';
import { ConfigValidator } from './config-validator.js';
import { ServiceRegistrationController } from './service-registration.controller.js';
import { ServicesController } from './services.controller.js';
import { ServicesService } from './services.service.js';

@Module({
  controllers: [ServicesController, ServiceRegistrationController],
  providers: [ServicesService, ConfigValidator],
  exports: [ConfigValidator],
})
export class ServicesModule {}
