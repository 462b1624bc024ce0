package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/livekit/protocol/ingress"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/psrpc"
	"google.golang.org/protobuf/proto"
)

// publishPlan is what a publisher is asked to do.
type publishPlan struct {
	URL    string `json:"url"`
	Token  string `json:"token"`
	Source string `json:"source"`
}

// session is one time that media come in by an ingress: its state, its publisher, and its answers to LiveKit's server.
type session struct {
	rpc.UnimplementedIngressHandlerServer
	service   *ingressService
	fault     Fault
	server    rpc.IngressHandlerServer
	mu        sync.Mutex
	info      *livekit.IngressInfo
	publisher *process
	// isStopped is whether LiveKit's server, a sender's end or the end of the worker ended it.
	isStopped bool
	// isSilent is whether nothing more is reported.
	isSilent bool
	ended    sync.Once
}

// run publishes what comes from the source until it ends. What is in `pipe` the publisher reads as file 3.
func (s *session) run(source string, pipe *os.File) {
	defer s.server.Shutdown()
	defer s.service.forget(s.info.IngressId)
	s.end(s.publish(source, pipe))
}

func (s *session) publish(source string, pipe *os.File) error {
	info, config := s.info, s.service.config
	token, err := ingress.BuildIngressToken(config.APIKey, config.APISecret, info.RoomName, info.ParticipantIdentity,
		info.ParticipantName, info.ParticipantMetadata, info.IngressId)
	if err != nil {
		return err
	}
	var files []*os.File
	if pipe != nil {
		files = append(files, pipe)
	}
	publisher, err := startProcess(config.Publisher, publishPlan{config.URL, token, source}, files...)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.publisher = publisher
	if s.isStopped {
		publisher.stop()
	}
	s.mu.Unlock()
	hasEnded := false
	for e := range publisher.events {
		switch e.Event {
		case "active":
			s.activate()
		case "ended":
			hasEnded = true
		}
	}
	err = publisher.command.Wait()
	if s.isStopping() || (hasEnded && err == nil) {
		return nil
	}
	return errors.New("the media could not be read")
}

func (s *session) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.isStopped
}

// activate is called when the first media is published.
func (s *session) activate() {
	s.change(livekit.IngressState_ENDPOINT_PUBLISHING, nil)
	switch s.fault {
	case publisherDies:
		time.AfterFunc(faultAfter, s.publisher.kill)
	case ingressVanishes:
		time.AfterFunc(faultAfter, func() {
			s.mu.Lock()
			s.isSilent = true
			s.mu.Unlock()
			s.server.Kill()
			s.publisher.kill()
		})
	}
}

// end reports how the session ended. What media are sent to waits for the next one; an address was read to its end.
func (s *session) end(err error) { s.ended.Do(func() { s.reportEnd(err) }) }

func (s *session) reportEnd(err error) {
	status := livekit.IngressState_ENDPOINT_COMPLETE
	if s.info.Reusable {
		status = livekit.IngressState_ENDPOINT_INACTIVE
	}
	if err != nil {
		status = livekit.IngressState_ENDPOINT_ERROR
	}
	s.change(status, err)
	fmt.Printf("%s %s %v\n", s.info.IngressId, status, err)
}

func (s *session) change(status livekit.IngressState_Status, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isSilent {
		return
	}
	state := s.info.State
	state.Status, state.UpdatedAt = status, time.Now().UnixNano()
	if status != livekit.IngressState_ENDPOINT_BUFFERING && status != livekit.IngressState_ENDPOINT_PUBLISHING {
		state.EndedAt = state.UpdatedAt
	}
	if err != nil {
		state.Error = err.Error()
	}
	report := &rpc.UpdateIngressStateRequest{IngressId: s.info.IngressId, State: proto.Clone(state).(*livekit.IngressState)}
	if _, err := s.service.reports.UpdateIngressState(context.Background(), report); err != nil {
		fmt.Fprintf(os.Stderr, "%s could not be reported as %s: %v\n", s.info.IngressId, status, err)
	}
}

// stop ends the session as its sender would.
func (s *session) stop() *livekit.IngressState {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isStopped = true
	if s.publisher != nil {
		s.publisher.stop()
	}
	return proto.Clone(s.info.State).(*livekit.IngressState)
}

// UpdateIngress ends the session: its sender has to connect again, and gets what was changed.
func (s *session) UpdateIngress(context.Context, *livekit.UpdateIngressRequest) (*livekit.IngressState, error) {
	return s.stop(), nil
}

// DeleteIngress ends the session.
func (s *session) DeleteIngress(context.Context, *livekit.DeleteIngressRequest) (*livekit.IngressState, error) {
	return s.stop(), nil
}

// openFor begins a session for the key that a sender names.
func (s *ingressService) openFor(key string, kind livekit.IngressInput) (*session, error) {
	answer, err := s.reports.GetIngressInfo(context.Background(), &rpc.GetIngressInfoRequest{StreamKey: key})
	if err != nil {
		return nil, err
	}
	if err := requireOpen(answer.Info, kind); err != nil {
		return nil, err
	}
	fault, err := parseFault(s.config.Fault)
	if err != nil {
		return nil, err
	}
	begin(answer.Info)
	opened, err := s.open(answer.Info, fault)
	if err != nil {
		return nil, err
	}
	opened.change(livekit.IngressState_ENDPOINT_BUFFERING, nil)
	return opened, nil
}

// discard ends a session that has not published.
func (s *session) discard(err error) {
	s.end(err)
	s.service.forget(s.info.IngressId)
	s.server.Shutdown()
}

// publishPipe has what is written into the pipe published; `done` is closed when the session is over, after `cut` was called.
func (s *session) publishPipe(cut func()) (media *os.File, done <-chan struct{}, err error) {
	source, media, err := os.Pipe()
	if err != nil {
		s.discard(err)
		return nil, nil, err
	}
	isOver := make(chan struct{})
	go func() {
		defer close(isOver)
		s.run("/dev/fd/3", source)
		_ = source.Close()
		cut()
	}()
	return media, isOver, nil
}

// requireOpen refuses a sender, as the real ingress does.
func requireOpen(info *livekit.IngressInfo, kind livekit.IngressInput) error {
	if info.Enabled != nil && !*info.Enabled {
		return ingress.ErrIngressDisabled
	}
	if info.InputType != kind {
		return psrpc.NewErrorf(psrpc.InvalidArgument, "the key is one for another protocol")
	}
	return ingress.Validate(info)
}
