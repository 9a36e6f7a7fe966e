export { fillSignals } from './fill-signals.js';
export { LushaSignals } from './lusha.provider.js';
export { SignalsProvider } from './signals-provider.js';
