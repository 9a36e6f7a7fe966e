export { AiProvider, type AiQuestion, type AiReply } from './ai-provider.js';
export { fillAi } from './fill-ai.js';
export { OpenAiProvider } from './openai.provider.js';
