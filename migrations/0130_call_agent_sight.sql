ALTER TABLE "call_agents" ADD COLUMN "sees_screens" boolean DEFAULT false NOT NULL;
