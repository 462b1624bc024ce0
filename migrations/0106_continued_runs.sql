ALTER TABLE "workflow_runs" ADD COLUMN "is_by_person" boolean DEFAULT false NOT NULL;
