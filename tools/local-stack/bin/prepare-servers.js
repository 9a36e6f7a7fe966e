#!/usr/bin/env node
import { build } from './build.js';

const args = process.argv.slice(2);

if (!args.includes('--no-build')) build('@uno/local-stack');
const { prepareServers } = await import('../dist/own-servers/prepare-servers.js');
process.exit(await prepareServers(args));
