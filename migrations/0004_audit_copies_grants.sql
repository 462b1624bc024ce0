-- A checkpoint never changes; the system only notes when its copy in object storage was made.
grant update (copied_at) on audit_checkpoints to auralink_system;
