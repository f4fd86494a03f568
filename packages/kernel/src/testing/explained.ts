import { Client, type Pool } from 'pg';
import { z } from 'zod';

/** A node of what `EXPLAIN (ANALYZE, FORMAT JSON)` gives, as far as it is looked at. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly 'Rows Removed by Index Recheck'?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

const nodeSchema: z.ZodType<PlanNode> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  'Rows Removed by Index Recheck': z.number().optional(),
  get Plans() {
    return z.array(nodeSchema).optional();
  },
});

const messageSchema = z.object({ 'Query Text': z.string(), Plan: nodeSchema });

/** One execution of one statement, as PostgreSQL really ran it. */
export interface Execution {
  readonly text: string;
  /** Tables that were read from their beginning to their end. */
  readonly wholeTables: readonly string[];
  /** Rows that its scans looked at, kept or not. */
  readonly rowsRead: number;
}

/** For the connections to be explained: the plan of every statement, also those of triggers and foreign keys, comes as a notice. */
export const EXPLAINED_OPTIONS = Object.entries({
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': 0,
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
})
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Whatever the pool's connections execute from now on, and those that others open with its options. */
export function explain(pool: Pool): Execution[] {
  const executions: Execution[] = [];
  class ExplainedClient extends Client {
    constructor(config: ConstructorParameters<typeof Client>[0]) {
      super(config);
      this.on('notice', ({ message = '' }) => {
        const json = /^duration: [^{]+plan:\s*(?<json>\{.*\})$/su.exec(message)?.groups?.['json'];
        if (json === undefined) return;
        const { 'Query Text': text, Plan: plan } = messageSchema.parse(JSON.parse(json));
        executions.push({ text, ...summary(plan) });
      });
    }
  }
  Object.assign(pool, { Client: ExplainedClient });
  Object.assign(pool.options, { Client: ExplainedClient });
  return executions;
}

function summary(plan: PlanNode): Omit<Execution, 'text'> {
  const wholeTables: string[] = [];
  let rowsRead = 0;
  const visit = (node: PlanNode) => {
    const relation = node['Relation Name'];
    if (relation !== undefined && node['Node Type'].endsWith('Scan')) {
      const removed =
        (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
      rowsRead += (node['Actual Rows'] + removed) * node['Actual Loops'];
      if (node['Node Type'].includes('Seq Scan') && node['Actual Loops'] > 0)
        wholeTables.push(relation);
    }
    for (const inner of node.Plans ?? []) visit(inner);
  };
  visit(plan);
  return { wholeTables, rowsRead: Math.round(rowsRead) };
}
