#!/usr/bin/env node
import { build } from './build.js';
import { readSwitches } from './options.js';

const switches = readSwitches('npm run prepare-servers', ['no-build', 'help']);

if (!switches['no-build']) build('@uno/local-stack');
const { prepareServers } = await import('../dist/own-servers/prepare-servers.js');
process.exit(await prepareServers(switches));
