import { Module } from '@nestjs/common';
import { JobStarter } from './job-starter.js';
import { OutboxRelay } from './outbox.relay.js';
import { TemporalClient } from './temporal-client.js';

@Module({ providers: [TemporalClient, JobStarter, OutboxRelay], exports: [OutboxRelay, JobStarter, TemporalClient] })
export class OutboxModule {}
