import { TRANSITIONS, type Entity } from './transitions.ts';

/** A Mermaid state diagram of one entity, as it stands in ARCHITECTURE.md. */
export function stateDiagram(entity: Entity, initial: string): string {
  const rules: [string, { from: readonly string[]; to: string }][] = Object.entries(
    TRANSITIONS[entity],
  );
  const lines = rules.flatMap(([name, rule]) =>
    rule.from.map((from) => `  ${from} --> ${rule.to}: ${name}`),
  );
  const reached = new Set(rules.map(([, rule]) => rule.to));
  const left = new Set(rules.flatMap(([, rule]) => rule.from));
  const terminal = [...reached].filter((status) => !left.has(status));
  return [
    'stateDiagram-v2',
    `  [*] --> ${initial}`,
    ...lines,
    ...terminal.map((status) => `  ${status} --> [*]`),
  ].join('\n');
}
