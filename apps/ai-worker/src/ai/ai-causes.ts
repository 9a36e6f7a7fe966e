import { ProviderCauses, tryLater, type ProviderCauseCode } from '@uno/worker-kit';

/** What asking a model adds to the ways in which any provider can fail. */
type AiFailureCode =
  | 'ai_schema_refused'
  | 'ai_model_unknown'
  | 'ai_refused'
  | 'ai_cut_off'
  | 'ai_filtered'
  | 'ai_answer_invalid'
  | 'ai_answer_empty';

export type AiCauseCode = ProviderCauseCode | AiFailureCode;

const rewordOrType = (): string => 'Word the prompt in another way, or type the value in by hand.';

export const aiCauses = new ProviderCauses<AiFailureCode>({
  provider_refused_row: {
    predicate: 'refused the question as invalid',
    advice: () => 'Check the prompt and what this row holds in the columns that it names.',
  },
  ai_schema_refused: {
    predicate: 'refused the question or the schema of its answer as invalid',
    advice: () => 'Simplify the schema of the column, then try the cells again.',
  },
  ai_model_unknown: {
    predicate: 'does not know the configured model or address',
    advice: () => 'Check OPENAI_MODEL and OPENAI_URL, then start the job again.',
  },
  ai_refused: { predicate: 'declined to answer', advice: rewordOrType },
  ai_cut_off: {
    predicate: 'broke its answer off because it grew too long',
    advice: () => 'Ask for a shorter answer, then try the cell again.',
  },
  ai_filtered: { predicate: 'held its answer back because of its content filter', advice: rewordOrType },
  ai_answer_invalid: {
    predicate: 'gave an answer of another form than the column asks for, and so it did once more',
    advice: () => 'Say in the prompt what to answer where the value is not known, then try the cell again.',
  },
  ai_answer_empty: { predicate: 'gave an empty answer, and so it did once more', advice: tryLater },
});
