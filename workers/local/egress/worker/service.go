package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/livekit/protocol/egress"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/psrpc"
)

// service is the egress worker that LiveKit's server finds on its bus.
type service struct {
	config  Config
	bus     psrpc.MessageBus
	reports rpc.IOInfoClient
	mu      sync.Mutex
	// Recordings that have not ended, by the id of their egress.
	recordings map[string]*recording
}

func newService(config Config, bus psrpc.MessageBus, reports rpc.IOInfoClient) *service {
	return &service{config: config, bus: bus, reports: reports, recordings: map[string]*recording{}}
}

// StartEgressAffinity says that this worker is free.
func (s *service) StartEgressAffinity(context.Context, *rpc.StartEgressRequest) float32 { return 1 }

// StartEgress begins a recording; its progress is reported to LiveKit's server.
func (s *service) StartEgress(_ context.Context, request *rpc.StartEgressRequest) (*livekit.EgressInfo, error) {
	o, err := parseRequest(request)
	if err != nil {
		return nil, err
	}
	fault, err := faultOf(o.destination(), s.config.Fault)
	if err != nil {
		return nil, psrpc.NewError(psrpc.InvalidArgument, err)
	}
	if err := s.complete(o, request); err != nil {
		return nil, err
	}
	r, err := newRecording(s, o, fault)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.recordings[o.info.EgressId] = r
	s.mu.Unlock()
	fmt.Printf("%s records %s\n", o.info.EgressId, o.info.RoomName)
	info := r.snapshot()
	go r.run()
	return info, nil
}

// complete adds what comes from the configuration: how to connect, and where to write.
func (s *service) complete(o *order, request *rpc.StartEgressRequest) error {
	o.plan.URL, o.plan.Token = request.WsUrl, request.Token
	if o.plan.URL == "" {
		o.plan.URL = s.config.URL
	}
	if o.plan.Token == "" {
		token, err := egress.BuildEgressToken(request.EgressId, s.config.APIKey, s.config.APISecret, o.info.RoomName)
		if err != nil {
			return err
		}
		o.plan.Token = token
	}
	o.plan.Picture = limitPicture(o.plan.Picture, s.config.Picture)
	folder := filepath.Join(s.config.Folder, "unfinished", request.EgressId)
	o.plan.File = filepath.Join(folder, "recording")
	if o.plan.Segments != nil {
		o.plan.Segments.Folder = folder
	}
	return os.MkdirAll(folder, 0o700)
}

// ListActiveEgress names the recordings that have not ended.
func (s *service) ListActiveEgress(context.Context, *rpc.ListActiveEgressRequest) (*rpc.ListActiveEgressResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, 0, len(s.recordings))
	for id := range s.recordings {
		ids = append(ids, id)
	}
	return &rpc.ListActiveEgressResponse{EgressIds: ids}, nil
}

func (s *service) forget(r *recording) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.recordings, r.info.EgressId)
}

// endAll ends what is being recorded, as failed: for the end of the worker.
func (s *service) endAll() {
	s.mu.Lock()
	running := make([]*recording, 0, len(s.recordings))
	for _, r := range s.recordings {
		running = append(running, r)
	}
	s.mu.Unlock()
	for _, r := range running {
		r.abandon("the egress worker was stopped")
	}
}
