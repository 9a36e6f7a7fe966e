import { serviceEnvironment } from '@uno/worker-kit';
import { z } from 'zod';

/** Everything the AI worker reads from its environment, once, at start. */
export const aiEnvironment = serviceEnvironment({
  service: 'ai',
  providers: { openai: 'https://api.openai.com' },
  callsPerPage: 20,
  callsAtATime: 100,
  callTimeoutSeconds: 60,
  own: { OPENAI_MODEL: z.string().min(1).default('gpt-5-mini') },
});
export type AiEnvironment = z.infer<typeof aiEnvironment>;
