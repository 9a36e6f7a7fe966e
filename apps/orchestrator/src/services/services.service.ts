import { Injectable } from '@nestjs/common';
import type { ServiceRegistration } from '@uno/workflow-contracts';
import { Database } from '../database/database.js';
import type { Service } from '../generated/prisma/client.js';
import { PrismaService } from '../prisma/prisma.service.js';
import { forbidden, unprocessable } from '../problems/problem.error.js';
import { ConfigValidator } from './config-validator.js';
import type { ServiceCatalogue, ServiceView } from './service.schema.js';

/** A service whose workers said nothing for longer is shown as offline. */
export const ONLINE_FOR_SECONDS = 60;

/** The catalogue: what workers registered. The orchestrator knows services by this alone. */
@Injectable()
export class ServicesService {
  constructor(
    private readonly database: Database,
    private readonly prisma: PrismaService,
    private readonly configs: ConfigValidator,
  ) {}

  /** All services, by id. */
  async catalogue(): Promise<ServiceCatalogue> {
    const services = await this.prisma.client.service.findMany({ orderBy: { id: 'asc' } });
    return { items: services.map(toView), nextCursor: null };
  }

  /**
   * Stores what a worker says about its service, as often as it says it. A job keeps what its plan pinned.
   * @param callerService the service that the worker's key speaks for
   * @throws ProblemError 403 for another service; 422 `invalid_config_schema`
   */
  async register(callerService: string, registration: ServiceRegistration): Promise<void> {
    if (registration.id !== callerService) throw forbidden('This key speaks for another service.');
    const fault = this.configs.fault(registration.configSchema);
    if (fault !== undefined) throw unprocessable('invalid_config_schema', '/configSchema', fault);
    const r = registration;
    await this.database.acrossWorkspaces(
      `insert into service (id, title, description, entity_types, returns, price, capabilities, task_queue,
         contract_version, inputs, config_schema, max_page_rows, absent_after_seconds)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict (id) do update set (title, description, entity_types, returns, price, capabilities, task_queue,
         contract_version, inputs, config_schema, max_page_rows, absent_after_seconds, registered_at, last_seen_at) =
         (excluded.title, excluded.description, excluded.entity_types, excluded.returns, excluded.price,
          excluded.capabilities, excluded.task_queue, excluded.contract_version, excluded.inputs, excluded.config_schema,
          excluded.max_page_rows, excluded.absent_after_seconds, now(), now())`,
      [
        r.id,
        r.title,
        r.description ?? null,
        r.entityTypes,
        r.returns,
        r.price,
        JSON.stringify(r.capabilities),
        r.taskQueue,
        r.contractVersion,
        r.inputs,
        JSON.stringify(r.configSchema),
        r.maxPageRows ?? null,
        r.absentAfterSeconds,
      ],
    );
  }
}

const toView = (service: Service): ServiceView => ({
  id: service.id,
  title: service.title,
  description: service.description,
  entityTypes: service.entityTypes,
  returns: service.returns,
  config: service.configSchema as ServiceView['config'],
  price: service.price,
  capabilities: service.capabilities as ServiceView['capabilities'],
  online: Date.now() - service.lastSeenAt.getTime() < ONLINE_FOR_SECONDS * 1_000,
  lastSeenAt: service.lastSeenAt.toISOString(),
});
