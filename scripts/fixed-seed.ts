import fc from 'fast-check';

/**
 * The same random cases on every run, so that a red test is a change's doing and not the day's. To look for new ones:
 * `FC_SEED=$RANDOM npm run test:only`.
 */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_122) });
