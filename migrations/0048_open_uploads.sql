CREATE INDEX "files_uploads_idx" ON "files" USING btree ("organization_id","uploaded_by","id") WHERE "files"."status" = 'uploading';
