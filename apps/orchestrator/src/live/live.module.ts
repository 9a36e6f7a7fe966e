import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CreditsFeed } from './credits-feed.js';
import { EventRetention } from './event-retention.js';
import { LiveGateway } from './live.gateway.js';
import { LiveService } from './live.service.js';
import { OwnWritesInterceptor } from './own-writes.interceptor.js';

/** Live updates over socket.io. */
@Module({
  providers: [
    CreditsFeed,
    EventRetention,
    LiveGateway,
    LiveService,
    { provide: APP_INTERCEPTOR, useClass: OwnWritesInterceptor },
  ],
})
export class LiveModule {}
