#!/usr/bin/env node
import { build } from './build.js';
import { readSwitches } from './options.js';

const switches = readSwitches('npm start', ['ephemeral', 'no-build', 'help']);

if (!switches['no-build']) build('tag:type:app,@uno/local-stack');
const { main } = await import('../dist/main.js');
process.exit(await main(switches));
