export { EnrichProvider } from './enrich-provider.js';
export { LushaProvider } from './lusha.provider.js';
export { PdlProvider } from './pdl.provider.js';
export { EnrichWaterfall } from './waterfall.js';
export type { EnrichContext, EnrichPage, EnrichWaterfallOptions } from './waterfall.js';
