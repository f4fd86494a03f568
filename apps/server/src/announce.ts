import { styleText } from 'node:util';
import type { Config } from './config.ts';
import type { Site } from './installation.ts';

/**
 * Tells on standard output that everything runs, and where. The first line is for programs as well: they wait for it and take
 * the address from it.
 */
export function announce(config: Config, site: Site, tookMs: number): void {
  const { address, databaseFolder, claimLink } = site;
  const rows = [
    ['took', `${(tookMs / 1000).toFixed(1)} s`],
    ...(config.publicUrl === undefined ? [] : [['public', config.publicUrl]]),
    ['data', config.dataDir],
    ['database', databaseFolder ?? 'the one that DATABASE_URL names'],
    ['model', config.model === 'offline' ? 'offline rules, no model' : config.model],
    ...(claimLink === undefined ? [] : [['owner', `nobody yet; open ${claimLink} within a day`]]),
    ['stop', 'Ctrl-C'],
  ];
  const lines = rows.map(([name = '', value]) => `  ${styleText('dim', name.padEnd(10))}${value}`);
  const ready = `Scriptorium is ready at ${styleText(['bold', 'underline'], address)}`;
  process.stdout.write(`${ready}\n\n${lines.join('\n')}\n\n`);
}
