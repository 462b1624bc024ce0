CREATE INDEX "file_compressions_ended_idx" ON "file_compressions" USING btree ("organization_id","ended_at");
