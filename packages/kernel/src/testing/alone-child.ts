import path from 'node:path';
import { openPool } from '@scriptorium/postgres';
import { done, openDiskStore, serveAlone } from '../index.ts';
import { silent } from './test-log.ts';
import { toyPipeline } from './toy-pipeline.ts';

/** The child in which a suspect word is put into a file. Told by its environment where the database and the files are. */
const folder = process.env['TEST_FILES'] ?? '';

serveAlone({
  pool: openPool(process.env['TEST_DATABASE'] ?? '', { log: silent, applicationName: 'alone' }),
  log: silent,
  files: {
    store: openDiskStore(path.join(folder, 'store')),
    workFolder: path.join(folder, 'work'),
  },
  pipelines: [
    toyPipeline({
      run: async ({ word }, { artifacts }) => {
        const file = { name: `pid ${process.pid}`, mediaType: 'text/plain' };
        const { id } = await artifacts.put(file, Buffer.from(word));
        return done(word === 'large' ? 'x'.repeat(300_000) : id);
      },
    }),
  ],
});
