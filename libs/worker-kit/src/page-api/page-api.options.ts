import type { ServiceRegistration } from '@uno/workflow-contracts';

export interface PageApiOptions {
  readonly orchestratorUrl: string;
  /** Bearer key of this service. */
  readonly serviceKey: string;
  /** What the worker registers at start and repeats as its sign of life. */
  readonly service: ServiceRegistration;
}

export const PAGE_API_OPTIONS = Symbol('PAGE_API_OPTIONS');
