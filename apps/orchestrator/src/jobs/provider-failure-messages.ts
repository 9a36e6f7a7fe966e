import type { ProviderFailureCode } from '@uno/workflow-contracts';

/**
 * What a page failure of a provider means, for people. The worker stores a sentence of its own, which names the provider;
 * these stand in where that one is not there.
 */
export const PROVIDER_FAILURE_MESSAGES: Readonly<Record<ProviderFailureCode, string>> = {
  provider_unauthorized: 'A provider does not accept the configured key. Check the key, then start the job again.',
  provider_out_of_credits: 'A provider has no credits left on our account. Top it up, then start the job again.',
  provider_forbidden: 'A provider does not allow this on the current plan. Change the plan, then start the job again.',
  provider_rate_limited:
    'The providers kept refusing because of their rate limits. Start the job again later; if it stays, lower the configured requests per second.',
  provider_unavailable: 'The providers had internal errors for too long. Start the job again later.',
  provider_timeout: 'The providers did not answer in time, again and again. Start the job again later.',
  provider_too_slow: 'The providers began to answer but never ended in time. Start the job again later.',
  provider_unreachable:
    'The providers could not be reached. Check the network and their configured addresses, then start the job again.',
  provider_connection_lost: 'The providers kept closing the connection. Start the job again later.',
  provider_redirected:
    'A provider pointed to another address instead of answering. Check its configured address, then start the job again.',
  provider_answered_page:
    'The providers answered with pages instead of data. Check their configured addresses, then start the job again.',
  provider_invalid_answer:
    'The providers kept answering in a form that cannot be read. The team of the service must look at it.',
  provider_answer_too_large:
    'The providers kept answering with more data than is taken. The team of the service must look at it.',
  provider_answer_mixed_up:
    'The providers kept mixing up the rows of their answers. The team of the service must look at it.',
};
