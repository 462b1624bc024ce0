package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/psrpc"
	"google.golang.org/protobuf/proto"
)

const (
	faultAfter = time.Second
	limitAfter = 2 * time.Second
	// A recording is aborted no sooner: by then LiveKit's server has stored that it exists.
	abortAfter = 500 * time.Millisecond
	// A recorder has this long to leave the call after the end of a stream.
	leaveWithin = 5 * time.Second
)

// recording is one egress: its state, its recorder, and its answers to LiveKit's server.
type recording struct {
	service *service
	order   *order
	fault   Fault
	mu      sync.Mutex
	info    *livekit.EgressInfo
	// file is the result; of a stream it is not reported.
	file *livekit.FileInfo
	// segments are what is written as HLS; nil for none.
	segments *segments
	// failure is why a stream has failed although its recorder ended well.
	failure  error
	recorder *process
	server   rpc.EgressHandlerServer
	reporter *reporter
	// isSilent is whether nothing more is reported.
	isSilent  bool
	extension string
}

func newRecording(s *service, o *order, fault Fault) (*recording, error) {
	delay := time.Duration(0)
	if fault == lateEvents {
		delay = lateBy
	}
	file := &livekit.FileInfo{}
	if o.file != nil {
		o.info.FileResults = []*livekit.FileInfo{file}
	}
	if o.isOldForm {
		o.info.Result = &livekit.EgressInfo_File{File: file}
	}
	r := &recording{service: s, order: o, fault: fault, info: o.info, file: file}
	r.extension = map[livekit.EncodedFileType]string{livekit.EncodedFileType_MP4: ".mp4", livekit.EncodedFileType_OGG: ".ogg"}[o.kind]
	if r.extension != "" {
		file.Filename = o.storagePath(r.extension)
	}
	server, err := rpc.NewEgressHandlerServer(r, s.bus)
	if err != nil {
		return nil, err
	}
	id := o.info.EgressId
	for _, register := range []func(string) error{
		server.RegisterStopEgressTopic, server.RegisterUpdateStreamTopic, server.RegisterUpdateEgressTopic,
	} {
		if err := register(id); err != nil {
			server.Kill()
			return nil, err
		}
	}
	if o.segments != nil {
		r.segments = newSegments(o)
		o.info.SegmentResults = []*livekit.SegmentsInfo{{
			PlaylistName: o.segments.PlaylistName, LivePlaylistName: o.segments.LivePlaylistName,
		}}
	}
	r.server, r.reporter = server, newReporter(s.reports, delay)
	return r, nil
}

// snapshot is the state as LiveKit's server may have it.
func (r *recording) snapshot() *livekit.EgressInfo {
	return proto.Clone(r.info).(*livekit.EgressInfo)
}

// change moves to a state and reports it; the caller holds the lock.
func (r *recording) change(status livekit.EgressStatus) {
	r.info.Status, r.info.UpdatedAt = status, time.Now().UnixNano()
	if !r.isSilent {
		r.reporter.add(r.snapshot())
	}
}

func (r *recording) run() {
	defer r.service.forget(r)
	defer func() { _ = os.RemoveAll(filepath.Dir(r.order.plan.File)) }()
	var durationMs int64
	var err error
	if r.fault == aborts {
		time.Sleep(abortAfter)
	} else {
		durationMs, err = r.record()
	}
	r.finish(durationMs, err)
	r.server.Shutdown()
	r.reporter.close()
}

// record runs the recorder until it has ended; it answers how long the recording is, in milliseconds.
func (r *recording) record() (durationMs int64, err error) {
	r.mu.Lock()
	r.info.StartedAt = time.Now().UnixNano()
	r.recorder, err = startProcess(r.service.config.Recorder, r.order.plan)
	r.mu.Unlock()
	if err != nil {
		return 0, err
	}
	hasEnded := false
	for e := range r.recorder.events {
		switch e.Event {
		case "active":
			r.begin(e)
		case "ending":
			r.end(livekit.EgressStatus_EGRESS_ENDING, "Source closed")
		case "target":
			r.takeTarget(e)
		case "ended":
			durationMs, hasEnded = e.DurationMs, true
			if r.order.file == nil {
				time.AfterFunc(leaveWithin, r.recorder.kill) // it may wait for a receiver that takes nothing
			}
		}
	}
	err = r.recorder.command.Wait()
	if !hasEnded || (err != nil && r.order.file != nil) {
		return 0, fmt.Errorf("the recorder ended: %v", err)
	}
	return durationMs, r.failure
}

// begin is called when the recorder writes the first media.
func (r *recording) begin(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.info.Status != livekit.EgressStatus_EGRESS_STARTING {
		return
	}
	r.extension = e.Extension
	if r.order.file != nil {
		r.file.Filename = r.order.storagePath(e.Extension)
	}
	r.file.StartedAt = time.Now().UnixNano()
	if r.segments != nil {
		r.info.SegmentResults[0].StartedAt = r.file.StartedAt
		go r.uploadSegments()
	}
	r.change(livekit.EgressStatus_EGRESS_ACTIVE)
	limit := time.Duration(r.service.config.MaxSeconds) * time.Second
	switch r.fault {
	case recorderDies:
		time.AfterFunc(faultAfter, r.recorder.kill)
	case workerVanishes:
		time.AfterFunc(faultAfter, r.vanish)
	case reachesLimit:
		limit = limitAfter
	}
	if limit > 0 {
		time.AfterFunc(limit, func() { r.end(livekit.EgressStatus_EGRESS_LIMIT_REACHED, "Session limit reached") })
	}
}

// end makes the recorder close the file; what has not begun is aborted.
func (r *recording) end(status livekit.EgressStatus, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.info.Status {
	case livekit.EgressStatus_EGRESS_STARTING:
		r.info.Status = livekit.EgressStatus_EGRESS_ABORTED
	case livekit.EgressStatus_EGRESS_ACTIVE:
		if status == livekit.EgressStatus_EGRESS_ENDING {
			r.change(status)
		} else {
			r.info.Status = status // reported when the file is there
		}
	default:
		return
	}
	r.info.Details = "End reason: " + reason
	if r.fault == hangs {
		r.isSilent = true
	} else if r.recorder != nil {
		r.recorder.stop()
	}
}

// vanish leaves everything as it is: LiveKit's server goes on listing the recording.
func (r *recording) vanish() {
	r.mu.Lock()
	r.isSilent = true
	r.mu.Unlock()
	r.server.Kill()
	r.recorder.kill()
}

// StopEgress ends the recording.
func (r *recording) StopEgress(context.Context, *livekit.StopEgressRequest) (*livekit.EgressInfo, error) {
	r.mu.Lock()
	status := r.info.Status
	r.mu.Unlock()
	if status != livekit.EgressStatus_EGRESS_STARTING && status != livekit.EgressStatus_EGRESS_ACTIVE {
		return nil, psrpc.NewErrorf(psrpc.FailedPrecondition, "egress with status %s cannot be stopped", status)
	}
	r.end(livekit.EgressStatus_EGRESS_ENDING, "StopEgress API")
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.snapshot(), nil
}

// UpdateEgress is refused: outputs stay as they are.
func (r *recording) UpdateEgress(context.Context, *livekit.UpdateEgressRequest) (*livekit.EgressInfo, error) {
	return nil, unsupported("changing outputs")
}
