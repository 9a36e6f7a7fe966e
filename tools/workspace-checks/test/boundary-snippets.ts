/** One boundary of the code style, as a snippet that lint refuses and a twin that it accepts in the same place. */
export interface Boundary {
  readonly sentence: string;
  /** Folder of the repository in which both snippets are linted. */
  readonly folder: string;
  /** Id of the rule that must complain, and a piece of its message. */
  readonly rule: string;
  readonly because: string;
  readonly refused: string;
  readonly accepted: string;
}

const MODULES = '@nx/enforce-module-boundaries';
const IMPORTS = '@typescript-eslint/no-restricted-imports';
const SYNTAX = 'no-restricted-syntax';

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const line${index} = ${index};`).join('\n');

export const BOUNDARIES: readonly Boundary[] = [
  {
    sentence: 'a library may not reach into an app by a relative path',
    folder: 'libs/worker-kit/src',
    rule: MODULES,
    because: 'relative or absolute path',
    refused: `export * from '../../../apps/billing/src/main.js';`,
    accepted: `export * from '@uno/workflow-contracts';`,
  },
  {
    sentence: 'nobody imports the provider sandbox',
    folder: 'apps/enrich-worker/src',
    rule: IMPORTS,
    because: 'sandbox',
    refused: `export * from '@uno/provider-sandbox';`,
    accepted: `export * from '@uno/worker-kit';`,
  },
  {
    sentence: 'an app does not import another app',
    folder: 'apps/orchestrator/src',
    rule: IMPORTS,
    because: 'An app is a process',
    refused: `export * from '@uno/billing';`,
    accepted: `export * from '@uno/workflow-contracts';`,
  },
  {
    sentence: 'a contract does not depend on infrastructure',
    folder: 'libs/service-contracts/enrich/src',
    rule: MODULES,
    because: 'type:contracts',
    refused: `export * from '@uno/worker-kit';`,
    accepted: `export * from '@uno/workflow-contracts';`,
  },
  {
    sentence: 'a contract does not import Nest',
    folder: 'libs/workflow-contracts/src',
    rule: MODULES,
    because: 'type:contracts',
    refused: `export { Injectable } from '@nestjs/common';`,
    accepted: `export { z } from 'zod';`,
  },
  {
    sentence: "a contract's workflow entry does not import the worker",
    folder: 'libs/workflow-contracts/src/workflow',
    rule: MODULES,
    because: 'type:contracts',
    refused: `export { Worker } from '@temporalio/worker';`,
    accepted: `export { sleep } from '@temporalio/workflow';`,
  },
  {
    sentence: 'the root entry of a contract imports zod only',
    folder: 'libs/workflow-contracts/src',
    rule: IMPORTS,
    because: 'zod',
    refused: `export { sleep } from '@temporalio/workflow';`,
    accepted: `export { z } from 'zod';`,
  },
  {
    sentence: 'browser code does not import a library for Node',
    folder: 'apps/web/src',
    rule: MODULES,
    because: 'runtime:browser',
    refused: `export * from '@uno/local-stack';`,
    accepted: `export * from '@uno/api-client';`,
  },
  {
    sentence: "browser code does not import Node's own modules",
    folder: 'apps/web/src',
    rule: IMPORTS,
    because: 'browser',
    refused: `export { readFileSync } from 'node:fs';`,
    accepted: `export { useState } from 'react';`,
  },
  {
    sentence: 'a library for any runtime does not depend on one for Node',
    folder: 'libs/api-client/src',
    rule: MODULES,
    because: 'runtime:any',
    refused: `export * from '@uno/worker-kit';`,
    accepted: `export * from '@uno/workflow-contracts';`,
  },
  {
    sentence: 'Prisma belongs to the orchestrator and billing alone',
    folder: 'apps/cli/src',
    rule: MODULES,
    because: 'scope:cli',
    refused: `export { Prisma } from '@prisma/client';`,
    accepted: `export { Command } from 'commander';`,
  },
  {
    sentence: 'a worker opens no connection to a database',
    folder: 'apps/enrich-worker/src',
    rule: MODULES,
    because: 'scope:enrich',
    refused: `export { Pool } from 'pg';`,
    accepted: `export { z } from 'zod';`,
  },
  {
    sentence: 'a workflow imports nothing of Node',
    folder: 'apps/enrich-worker/src/workflows',
    rule: IMPORTS,
    because: 'Workflow code imports',
    refused: `export { randomUUID } from 'node:crypto';`,
    accepted: `export { uuid4 } from '@temporalio/workflow';`,
  },
  {
    sentence: 'a workflow imports the worker kit never and the contracts freely',
    folder: 'apps/enrich-worker/src/workflows',
    rule: IMPORTS,
    because: 'Workflow code imports',
    refused: `export * from '@uno/worker-kit';`,
    accepted: `export * from '@uno/workflow-contracts/workflow';`,
  },
  {
    sentence: 'a workflow takes only types from the activities',
    folder: 'apps/orchestrator/src/workflows',
    rule: IMPORTS,
    because: 'types only',
    refused: `import { activities } from '../activities/index.js';\nexport const used: unknown = activities;`,
    accepted: `import type { Activities } from '../activities/index.js';\nexport type Used = Activities[];`,
  },
  {
    sentence: 'a workflow loads nothing dynamically',
    folder: 'apps/enrich-worker/src/workflows',
    rule: SYNTAX,
    because: 'dynamic import',
    refused: `export const loaded = (): Promise<unknown> => import('@temporalio/workflow');`,
    accepted: `export * from '@temporalio/workflow';`,
  },
  {
    sentence: "a worker does not call the sandbox's admin routes",
    folder: 'apps/enrich-worker/src',
    rule: SYNTAX,
    because: 'admin routes',
    refused: 'export const faults = (url: string): string => `${url}/admin/faults`;',
    accepted: 'export const enrich = (url: string): string => `${url}/v5/company/enrich`;',
  },
  {
    sentence: "the orchestrator does not call the sandbox's admin routes",
    folder: 'apps/orchestrator/src',
    rule: SYNTAX,
    because: 'admin routes',
    refused: `export const CALLS = '/admin/calls';`,
    accepted: `export const CALLS = '/internal/v1/calls';`,
  },
  {
    sentence: 'the orchestrator does not import the contract of a service',
    folder: 'apps/orchestrator/src',
    rule: IMPORTS,
    because: 'registration alone',
    refused: `export * from '@uno/enrich-contract';`,
    accepted: `export * from '@uno/workflow-contracts';`,
  },
  {
    sentence: 'the testing library stays in tests',
    folder: 'apps/billing/src',
    rule: IMPORTS,
    because: 'stays in tests',
    refused: `export * from '@uno/testing';`,
    accepted: `export { z } from 'zod';`,
  },
  {
    sentence: 'there are no default exports',
    folder: 'apps/billing/src',
    rule: SYNTAX,
    because: 'Named exports',
    refused: `export default 1;`,
    accepted: `export const one = 1;`,
  },
  {
    sentence: 'there are no enums',
    folder: 'apps/billing/src',
    rule: SYNTAX,
    because: 'string union',
    refused: `export enum Kind { Hold, Capture }`,
    accepted: `export type Kind = 'hold' | 'capture';`,
  },
  {
    sentence: 'there is no any',
    folder: 'apps/billing/src',
    rule: '@typescript-eslint/no-explicit-any',
    because: 'any',
    refused: `export const id = (value: any): unknown => value;`,
    accepted: `export const id = (value: unknown): unknown => value;`,
  },
  {
    sentence: 'types are imported as types',
    folder: 'apps/billing/src',
    rule: '@typescript-eslint/consistent-type-imports',
    because: 'only used as types',
    refused: `import { Stats } from 'node:fs';\nexport const size = (stats: Stats): number => stats.size;`,
    accepted: `import type { Stats } from 'node:fs';\nexport const size = (stats: Stats): number => stats.size;`,
  },
  {
    sentence: 'a switch over a union names every case',
    folder: 'apps/billing/src',
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    because: 'not exhaustive',
    refused: `export function sign(side: 'debit' | 'credit'): number {\n  switch (side) {\n    case 'debit':\n      return -1;\n  }\n  return 1;\n}`,
    accepted: `export function sign(side: 'debit' | 'credit'): number {\n  switch (side) {\n    case 'debit':\n      return -1;\n    case 'credit':\n      return 1;\n  }\n}`,
  },
  {
    sentence: 'a file has at most 250 lines',
    folder: 'apps/billing/src',
    rule: 'max-lines',
    because: '250',
    refused: lines(251),
    accepted: `${lines(250)}\n\n// A comment does not count.\n`,
  },
];
