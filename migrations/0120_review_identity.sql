CREATE INDEX "moderation_reviews_identity_idx" ON "moderation_reviews" USING btree ("identity");
