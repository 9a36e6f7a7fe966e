import { acquireTemporalCli } from '../dist/index.js';

/** The first run on a machine may have to build the Temporal CLI: that takes minutes and is no test's time. */
export default async function globalSetup() {
  await acquireTemporalCli();
}
