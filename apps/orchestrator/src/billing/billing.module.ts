import { Global, Module } from '@nestjs/common';
import { BillingClient } from './billing.client.js';

@Global()
@Module({ providers: [BillingClient], exports: [BillingClient] })
export class BillingModule {}
