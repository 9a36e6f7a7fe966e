import ts from 'typescript';
import type { RepositoryFile } from './repository.js';

/** Ids of the services that ship with the product. The orchestrator must not know any of them. */
export const SERVICE_IDS = ['enrich', 'signals', 'ai', 'crm'] as const;

/** A word of Temporal's too, so it says nothing in a name. */
const IDS_IN_NAMES = SERVICE_IDS.filter((id) => id !== 'signals');

const IN_TEXT = new RegExp(`(^|[^a-z])(${SERVICE_IDS.join('|')})($|[^a-z])`, 'i');

/**
 * `path:line: text` for every string or template literal that names a service (`enrich`, `enrich-worker`, `crm:…`), every
 * identifier that does (`crmOutcome`), and `path` for every file. Comments are free to give examples.
 */
export function findServiceNames(files: readonly RepositoryFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: string[] = namesService(path.slice(path.lastIndexOf('/') + 1)) ? [path] : [];
    const visit = (node: ts.Node): void => {
      const text = isText(node) || ts.isIdentifier(node) ? node.text : '';
      if (isText(node) ? IN_TEXT.test(text) : namesService(text)) {
        found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** Whether a word of the name is a service's id: words begin with a capital or behind a sign. */
function namesService(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return IDS_IN_NAMES.some((id) => words.includes(id));
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateLiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}
