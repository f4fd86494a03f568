import { novelUploadForm, routes } from '@scriptorium/contract';
import { answer, route, type Feature } from '../../platform/routes.ts';
import { withForm } from '../../platform/uploads.ts';
import { chooseModel, layerOf } from './choose-model.ts';
import { estimateNovel } from './estimate.ts';
import { noFile, novelErrors } from './novels.errors.ts';
import type { NovelsOptions } from './novels.options.ts';
import { listNovels, presentNovel, readNovel } from './novels.repo.ts';
import { addProcessingRoutes } from './processing.routes.ts';
import { addResultRoutes } from './results.routes.ts';
import { acceptNovel } from './steps/accept-novel.ts';
import { deleteNovel } from './steps/delete-novel.ts';

const UPLOAD_FIELDS = novelUploadForm.omit({ file: true });

/** PDFs, and their sentences made short. A novel is its owner's alone. */
export function createNovelsFeature(options: NovelsOptions): Feature {
  const { db, kernel, limits, shorteners } = options;
  return {
    name: 'novels',
    errors: novelErrors,
    register(app) {
      route(app, routes.novels.upload, async ({ user, request, reply }) => {
        const admit = (bytes: number) => kernel.admitBytes(bytes, user.id);
        const form = { limits, fileField: 'file', fields: UPLOAD_FIELDS, admit };
        const { novelId, isNew } = await withForm(request, form, ({ file, fields }) => {
          if (file === undefined) throw noFile('file');
          return acceptNovel(options, { file, password: fields.password }, user.id);
        });
        const novel = presentNovel(await readNovel(db, novelId, user.id));
        reply.header('location', `/api/v1/novels/${novelId}`);
        return answer(isNew ? 201 : 200, { novel, is_duplicate: !isNew });
      });

      route(app, routes.novels.list, ({ query, user }) => listNovels(db, user.id, query));

      route(app, routes.novels.models, () => ({
        models: shorteners.all().map(({ model }) => model),
        preset: shorteners.preset,
      }));

      route(app, routes.novels.get, async ({ params, user }) =>
        presentNovel(await readNovel(db, params.id, user.id)),
      );

      route(app, routes.novels.remove, ({ params, user }) =>
        deleteNovel({ db, kernel }, params.id, user.id),
      );

      route(app, routes.novels.estimate, async ({ params, query, user }) => {
        const novel = await readNovel(db, params.id, user.id);
        const choice = chooseModel(shorteners, query.gemini_model);
        const { estimate } = await estimateNovel(
          { db, kernel },
          {
            novel,
            ownerId: user.id,
            maxWords: query.sentence_length_limit,
            layers: [layerOf(choice)],
            scope: 'novel',
          },
        );
        return estimate;
      });

      addProcessingRoutes(app, options);
      addResultRoutes(app, options);
    },
  };
}
