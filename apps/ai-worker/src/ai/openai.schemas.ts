import { z } from 'zod';

const count = z.number().int().nonnegative().catch(0);

/** What we read of a completion. Source: https://platform.openai.com/docs/api-reference/chat/object */
export const completion = z.object({
  model: z.string().min(1).max(200).optional(),
  choices: z.array(
    z.object({
      finish_reason: z.string().nullish(),
      message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
    }),
  ),
  /** Servers that speak the same protocol may leave it out. */
  usage: z.object({ prompt_tokens: count, completion_tokens: count, total_tokens: count }).nullish().catch(undefined),
});
export type Completion = z.infer<typeof completion>;

/** Source: https://platform.openai.com/docs/guides/error-codes */
export const errorBody = z.object({ error: z.object({ type: z.string().nullish(), code: z.string().nullish() }) });
