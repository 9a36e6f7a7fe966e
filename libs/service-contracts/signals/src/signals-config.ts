import { CHOICES_KEYWORD, defineService } from '@uno/workflow-contracts';
import { z } from 'zod';

export const COMPANY_SIGNALS = ['funding', 'hiring', 'news'] as const;
export const CONTACT_SIGNALS = ['job_change'] as const;
export const DEFAULT_WITHIN_DAYS = 90;

export const signalKind = z.enum([...COMPANY_SIGNALS, ...CONTACT_SIGNALS]);
export type SignalKind = z.infer<typeof signalKind>;

/** Config of a signals column: which kinds of events, and how far back. */
export const signalsConfig = z.strictObject({
  kinds: z
    .array(signalKind.meta({ [CHOICES_KEYWORD]: { company: COMPANY_SIGNALS, contact: CONTACT_SIGNALS } }))
    .min(1)
    .max(signalKind.options.length)
    .meta({ title: 'Events', description: 'Which events count', uniqueItems: true }),
  /** {@link DEFAULT_WITHIN_DAYS} when absent. */
  withinDays: z.int().min(1).max(365).optional().meta({
    title: 'Within days',
    description: 'How far back to look',
    default: DEFAULT_WITHIN_DAYS,
  }),
});
export type SignalsConfig = z.infer<typeof signalsConfig>;

/** What a filled cell holds: the latest event. */
export const signalEvent = z.object({
  kind: signalKind,
  title: z.string(),
  /** ISO date. */
  date: z.iso.date(),
  url: z.string().nullable(),
});
export type SignalEvent = z.infer<typeof signalEvent>;

export const SIGNALS_TASK_QUEUE = 'signals';

/** Catalogue entry of the signals service. */
export const signalsService = defineService({
  id: 'signals',
  title: 'Signals',
  description: 'The latest event at a company or of a contact: funding, hiring, news, a change of job.',
  entityTypes: ['company', 'contact'],
  returns: 'the latest event: kind, title, date and link',
  price: 1,
  capabilities: { batch: false, revert: false, approval: false },
  taskQueue: SIGNALS_TASK_QUEUE,
  contractVersion: 1,
  inputs: 'identity',
  config: signalsConfig,
});
