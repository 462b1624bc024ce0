package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/livekit/protocol/livekit"
)

const slowBy = 15 * time.Second

// finish stores the file and reports how the recording ended. What hangs, has vanished or was abandoned does neither.
func (r *recording) finish(durationMs int64, err error) {
	r.mu.Lock()
	if r.isSilent {
		r.mu.Unlock()
		return
	}
	status := r.info.Status
	isStored := status == livekit.EgressStatus_EGRESS_ENDING || status == livekit.EgressStatus_EGRESS_LIMIT_REACHED
	if isStored && err == nil && r.order.file != nil {
		r.file.EndedAt = r.file.StartedAt + durationMs*int64(time.Millisecond)
		r.file.Duration = r.file.EndedAt - r.file.StartedAt
		r.mu.Unlock()
		err = r.store() // takes long
		r.mu.Lock()
	}
	if isStored && err == nil && r.segments != nil {
		r.mu.Unlock()
		_, err = r.segments.upload() // takes long
		r.mu.Lock()
		r.segments.report(r.info)
		r.info.SegmentResults[0].EndedAt = time.Now().UnixNano()
	}
	defer r.mu.Unlock()
	r.info.EndedAt = time.Now().UnixNano()
	r.endTargets()
	switch {
	case status == livekit.EgressStatus_EGRESS_STARTING && err == nil:
		r.info.Error = "Start signal not received"
		status = livekit.EgressStatus_EGRESS_ABORTED
	case status == livekit.EgressStatus_EGRESS_ABORTED:
	case err != nil:
		r.info.Error = err.Error()
		status = livekit.EgressStatus_EGRESS_FAILED
	case status == livekit.EgressStatus_EGRESS_ENDING:
		status = livekit.EgressStatus_EGRESS_COMPLETE
	}
	r.change(status)
	fmt.Printf("%s %s %s\n", r.info.EgressId, r.info.Status, r.info.Error)
	if r.fault == lateEvents {
		last := r.snapshot()
		last.Status = livekit.EgressStatus_EGRESS_ENDING
		r.reporter.add(last)
	}
}

// store puts the file where it belongs: into the bucket of the request, or into the folder.
func (r *recording) store() error {
	local := r.order.plan.File + r.extension
	stat, err := os.Stat(local)
	if err != nil {
		return err
	}
	location, err := r.place(local, stat.Size())
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.file.Size, r.file.Location = stat.Size(), location
	return nil
}

// place answers the location of the file.
func (r *recording) place(local string, size int64) (string, error) {
	if r.fault == slowUpload {
		time.Sleep(slowBy)
	}
	if r.fault == wrongSize {
		if err := os.Truncate(local, size/2); err != nil {
			return "", err
		}
	}
	if s3 := r.order.file.GetS3(); s3 != nil {
		return uploadToS3(s3, r.file.Filename, local, r.fault == uploadsNothing)
	}
	target := filepath.Join(r.service.config.Folder, r.file.Filename)
	if r.fault == uploadsNothing {
		return target, nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return "", err
	}
	return target, os.Rename(local, target)
}

// abandon ends the recording as failed, at once.
func (r *recording) abandon(reason string) {
	r.mu.Lock()
	if r.isSilent {
		r.mu.Unlock()
		return
	}
	r.info.Error, r.info.EndedAt = reason, time.Now().UnixNano()
	r.change(livekit.EgressStatus_EGRESS_FAILED)
	r.isSilent = true
	recorder := r.recorder
	r.mu.Unlock()
	if recorder != nil {
		recorder.kill()
	}
}
