import { parse } from 'yaml';

/** One step of a job: an action, or a command. */
export interface WorkflowStep {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface WorkflowJob {
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly WorkflowStep[];
}

/** As much of a GitHub Actions workflow as the checks read. */
export interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

/**
 * Reads a workflow file.
 *
 * @throws when the text is no YAML.
 */
export function parseWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

/** Actions that are not pinned to a commit: a tag can be moved to other code after it was reviewed. */
export function findUnpinnedActions(workflow: Workflow): string[] {
  return stepsOf(workflow).flatMap(({ uses }) => (uses && !/@[0-9a-f]{40}$/.test(uses) ? [uses] : []));
}

/**
 * Commands that would fail because they do not exist.
 *
 * @param scripts names of the scripts of the root package.json.
 * @param programs paths of the repository's files.
 */
export function findUnknownCommands(
  workflow: Workflow,
  scripts: readonly string[],
  programs: readonly string[],
): string[] {
  const lines = stepsOf(workflow).flatMap(({ run }) => run?.trim().split('\n') ?? []);
  return lines.filter((line) => {
    const [program = '', verb, name = ''] = line.split(' ');
    if (program.startsWith('./')) return !programs.includes(program.slice(2));
    return program !== 'npm' || !(verb === 'ci' || (verb === 'run' && scripts.includes(name)));
  });
}

/** Versions of Node that a workflow asks for, the matrix' included. */
export function nodeVersions(workflow: Workflow): string[] {
  const named = stepsOf(workflow).flatMap((step) => step.with?.['node-version'] ?? []);
  const matrices = Object.values(workflow.jobs).flatMap(({ strategy }) => strategy?.matrix.node ?? []);
  return [...named.map(String).filter((version) => !version.startsWith('$')), ...matrices];
}

function stepsOf(workflow: Workflow): WorkflowStep[] {
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps);
}
