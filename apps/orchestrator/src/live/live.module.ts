import { Module } from '@nestjs/common';
import { CreditsFeed } from './credits-feed.js';
import { EventRetention } from './event-retention.js';
import { LiveGateway } from './live.gateway.js';
import { LiveService } from './live.service.js';

/** Live updates over socket.io. */
@Module({ providers: [CreditsFeed, EventRetention, LiveGateway, LiveService] })
export class LiveModule {}
