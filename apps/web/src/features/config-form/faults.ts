import type { ErrorSchema } from '@rjsf/utils';
import type { Fault } from './references.js';

interface Complaint {
  readonly pointer: string;
  readonly detail: string;
}

/** Complaints of the API (JSON pointers) about the config, by their place in it, and those about anything else. */
export function splitComplaints(complaints: readonly Complaint[]): {
  readonly ofConfig: readonly Fault[];
  readonly others: readonly Complaint[];
} {
  const inConfig = ({ pointer }: Complaint): boolean => /^\/config(\/|$)/.test(pointer);
  return {
    ofConfig: complaints
      .filter(inConfig)
      .map(({ pointer, detail }) => ({ path: stepsOf(pointer).slice(1), message: detail })),
    others: complaints.filter((complaint) => !inConfig(complaint)),
  };
}

const stepsOf = (pointer: string): string[] =>
  pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Faults as the form shows them: a tree with the sentences at the places that they are about. */
export function errorTree(faults: readonly Fault[]): ErrorSchema {
  const tree: ErrorSchema = {};
  for (const { path, message } of faults) {
    let node: ErrorSchema = tree;
    for (const step of path) node = (node as Record<string, ErrorSchema>)[step] ??= {};
    (node.__errors ??= []).push(message);
  }
  return tree;
}

/** All sentences in a tree: for a control that shows a whole part of the config. */
export function sentencesIn(tree: ErrorSchema | undefined): string[] {
  if (!tree) return [];
  const { __errors: own = [], ...parts } = tree;
  return [...own, ...Object.values(parts as Record<string, ErrorSchema>).flatMap(sentencesIn)];
}
