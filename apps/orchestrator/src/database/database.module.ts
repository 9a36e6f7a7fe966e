import { Global, Module } from '@nestjs/common';
import { Config, readConfig } from '../config/config.js';
import { Database } from './database.js';

@Global()
@Module({
  providers: [{ provide: Config, useFactory: () => readConfig(process.env) }, Database],
  exports: [Config, Database],
})
export class DatabaseModule {}
