package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/livekit/protocol/egress"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/utils"
	"github.com/livekit/psrpc"
)

// Target is an address that a stream is sent to; its ID is its place among the results of the stream.
type Target struct {
	ID  int    `json:"id"`
	URL string `json:"url"`
}

// destination is the path of the file or of the segments, or the first address of the stream.
func (o *order) destination() string {
	if o.file != nil {
		return o.file.GetFilepath()
	}
	if o.segments != nil {
		return o.segments.FilenamePrefix
	}
	return o.plan.Targets[0].URL
}

func (o *order) readStreams(outputs []*livekit.StreamOutput, files int) error {
	if len(outputs) != 1 || files > 0 {
		return unsupported("more than one output")
	}
	if len(outputs[0].Urls) == 0 {
		return invalid("no address to stream to")
	}
	for _, url := range outputs[0].Urls {
		if err := o.addTarget(url); err != nil {
			return err
		}
	}
	egress.RedactStreamKeys(outputs[0]) // it is reported with the state
	return nil
}

// findTarget is the place of an address that is sent to, or -1.
func (o *order) findTarget(url string) int {
	return slices.IndexFunc(o.plan.Targets, func(t Target) bool {
		return t.URL == url && o.info.StreamResults[t.ID].Status == livekit.StreamInfo_ACTIVE
	})
}

func (o *order) addTarget(url string) error {
	// An SRT address is reported as it is.
	redacted, isAddress := url, strings.HasPrefix(url, "srt://")
	if strings.HasPrefix(url, "rtmp://") || strings.HasPrefix(url, "rtmps://") {
		redacted, isAddress = utils.RedactStreamKey(url)
	}
	if !isAddress {
		return invalid("an address without application or key")
	}
	if o.findTarget(url) >= 0 {
		return invalid("an address twice")
	}
	o.plan.Targets = append(o.plan.Targets, Target{len(o.plan.Targets), url})
	o.info.StreamResults = append(o.info.StreamResults, &livekit.StreamInfo{Url: redacted})
	return nil
}

func endTarget(info *livekit.StreamInfo, status livekit.StreamInfo_Status, reason string) {
	info.Status, info.Error, info.EndedAt = status, reason, time.Now().UnixNano()
	if info.StartedAt > 0 {
		info.Duration = info.EndedAt - info.StartedAt
	}
}

// endTargets ends what is still sent to; the caller holds the lock.
func (r *recording) endTargets() {
	for _, info := range r.info.StreamResults {
		if info.Status == livekit.StreamInfo_ACTIVE {
			endTarget(info, livekit.StreamInfo_FINISHED, "")
		}
	}
}

// takeTarget takes what the recorder says of a target. One that fails ends the others only when it was the last.
func (r *recording) takeTarget(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.ID < 0 {
		r.takeSegments(e)
		return
	}
	info := r.info.StreamResults[e.ID]
	if info.Status != livekit.StreamInfo_ACTIVE {
		return
	}
	switch e.Status {
	case "active":
		info.StartedAt = time.Now().UnixNano()
	case "finished":
		endTarget(info, livekit.StreamInfo_FINISHED, "")
	case "failed":
		endTarget(info, livekit.StreamInfo_FAILED, e.Error)
		fmt.Printf("%s does not reach %s: %s\n", r.info.EgressId, info.Url, e.Error)
	}
	if r.info.Status == livekit.EgressStatus_EGRESS_ACTIVE {
		r.followTargets(e.Error)
	}
}

// followTargets reports a change of the targets. Without any of them left the stream ends: as failed when the last one failed.
func (r *recording) followTargets(failure string) {
	isSent := slices.ContainsFunc(r.info.StreamResults, func(info *livekit.StreamInfo) bool {
		return info.Status == livekit.StreamInfo_ACTIVE
	})
	if isSent || r.order.segments != nil {
		r.change(r.info.Status)
		return
	}
	if failure != "" {
		r.failure = errors.New(failure)
	}
	r.info.Details = "End reason: no address is left"
	r.change(livekit.EgressStatus_EGRESS_ENDING)
	r.recorder.stop()
}

// UpdateStream adds addresses to a stream, and takes others away. Nothing is changed when one of them cannot be.
func (r *recording) UpdateStream(_ context.Context, request *livekit.UpdateStreamRequest) (*livekit.EgressInfo, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.order.file != nil {
		return nil, psrpc.NewErrorf(psrpc.FailedPrecondition, "UpdateStream called on non-streaming egress")
	}
	isRunning := r.info.Status == livekit.EgressStatus_EGRESS_STARTING || r.info.Status == livekit.EgressStatus_EGRESS_ACTIVE
	if !isRunning || r.recorder == nil {
		return nil, psrpc.NewErrorf(psrpc.FailedPrecondition, "egress with status %s cannot be updated", r.info.Status)
	}
	for _, url := range request.RemoveOutputUrls {
		if r.order.findTarget(url) < 0 {
			return nil, psrpc.NewErrorf(psrpc.NotFound, "stream not found")
		}
	}
	first := len(r.order.plan.Targets)
	for _, url := range request.AddOutputUrls {
		if err := r.order.addTarget(url); err != nil {
			r.order.plan.Targets, r.info.StreamResults = r.order.plan.Targets[:first], r.info.StreamResults[:first]
			return nil, err
		}
	}
	for _, target := range r.order.plan.Targets[first:] {
		r.recorder.send(command{"add", target})
	}
	for _, url := range request.RemoveOutputUrls {
		if id := r.order.findTarget(url); id >= 0 {
			endTarget(r.info.StreamResults[id], livekit.StreamInfo_FINISHED, "")
			r.recorder.send(command{"remove", Target{ID: id}})
		}
	}
	r.followTargets("")
	return r.snapshot(), nil
}
