#!/usr/bin/env node
import { build } from './build.js';

const args = process.argv.slice(2);

if (!args.includes('--help') && !args.includes('--no-build')) build('tag:type:app,@uno/local-stack');
const { main } = await import('../dist/main.js');
process.exit(await main(args));
