import { aiConfig } from '@uno/ai-contract';
import { referencesIn, type CellResult, type Reference, type StepPage } from '@uno/workflow-contracts';
import { answerFormat, type AnswerFormat } from './answer-format.js';

/** A column as its cells are asked for. */
export interface AiColumn {
  readonly prompt: string;
  /** Each once, in the order in which the prompt names them. */
  readonly references: readonly Reference[];
  readonly format: AnswerFormat;
  /** The user's own schema is followed, so a refusal may be about it. */
  readonly ownSchema: boolean;
}

type Reason = NonNullable<CellResult['reason']>;

const UNKNOWN_CONFIG: Reason = {
  code: 'ai_config_invalid',
  message: 'This version of the service cannot read the settings of the column. Save the column anew.',
};
const UNUSABLE_SCHEMA: Reason = {
  code: 'ai_schema_invalid',
  message:
    'The schema of the answer is not a JSON Schema that can be used here. Correct it in the settings of the column.',
};

/** Reads a column once per page. @returns the column, or why none of its cells can be asked for. */
export function aiColumn({ config }: StepPage['columns'][number]): AiColumn | { readonly reason: Reason } {
  const parsed = aiConfig.safeParse(config);
  if (!parsed.success) return { reason: UNKNOWN_CONFIG };
  const { prompt, answer } = parsed.data;
  const format = answerFormat(answer);
  if (format === undefined) return { reason: UNUSABLE_SCHEMA };
  return { prompt, references: [...new Set(referencesIn(prompt))], format, ownSchema: answer.type === 'json' };
}
