import { defineModule } from '../../kernel/modules/index.ts';
import { uploadRoutes } from './uploads.routes.ts';

export const uploadsModule = defineModule({
  name: 'media/uploads',
  routes: uploadRoutes,
  storeRetention: {
    FileUpload: { rule: 'expire', how: 'bytes of an upload, with its end or an hour after the last of them' },
  },
});
