package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/livekit/protocol/ingress"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/protocol/utils/guid"
	"github.com/livekit/psrpc"
	"google.golang.org/protobuf/proto"
)

// ingressService is the ingress worker that LiveKit's server finds on its bus.
type ingressService struct {
	config  Config
	bus     psrpc.MessageBus
	reports rpc.IOInfoClient
	mu      sync.Mutex
	// Sessions that have not ended, by the id of their ingress.
	sessions map[string]*session
}

// startIngress registers with LiveKit's server and listens for senders; without a publisher it does neither.
func startIngress(config Config, bus psrpc.MessageBus, reports rpc.IOInfoClient) (stop func(), err error) {
	if len(config.Publisher) == 0 {
		return func() {}, nil
	}
	s := &ingressService{config: config, bus: bus, reports: reports, sessions: map[string]*session{}}
	server, err := rpc.NewIngressInternalServer(s, bus)
	if err != nil {
		return nil, err
	}
	var senders net.Listener
	if config.RtmpAddress != "" {
		if senders, err = net.Listen("tcp", config.RtmpAddress); err != nil {
			server.Kill()
			return nil, err
		}
		go s.acceptSenders(senders)
	}
	stopWhip, err := s.listenForWhip()
	if err != nil {
		server.Kill()
		return nil, err
	}
	return func() {
		if senders != nil {
			_ = senders.Close()
		}
		stopWhip()
		server.Shutdown()
		s.endAll()
	}, nil
}

// StartIngressAffinity says that this worker is free.
func (s *ingressService) StartIngressAffinity(context.Context, *rpc.StartIngressRequest) float32 {
	return 1
}

// StartIngress begins to read an address. LiveKit's server leaves it to the worker to make the ingress known.
func (s *ingressService) StartIngress(ctx context.Context, request *rpc.StartIngressRequest) (*livekit.IngressInfo, error) {
	info := proto.Clone(request.Info).(*livekit.IngressInfo)
	if info.InputType != livekit.IngressInput_URL_INPUT {
		return nil, ingress.ErrInvalidIngressType
	}
	fault, err := faultOf(info.Url, s.config.Fault)
	if err != nil {
		return nil, psrpc.NewError(psrpc.InvalidArgument, err)
	}
	begin(info)
	if _, err := s.reports.CreateIngress(ctx, info); err != nil {
		return nil, err
	}
	started := proto.Clone(info).(*livekit.IngressInfo)
	opened, err := s.open(info, fault)
	if err != nil {
		return nil, err
	}
	go opened.run(info.Url, nil)
	return started, nil
}

// ListActiveIngress names the sessions that have not ended.
func (s *ingressService) ListActiveIngress(context.Context, *rpc.ListActiveIngressRequest) (*rpc.ListActiveIngressResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := &rpc.ListActiveIngressResponse{}
	for id, each := range s.sessions {
		answer.IngressIds = append(answer.IngressIds, id)
		answer.IngressSessions = append(answer.IngressSessions, &rpc.IngressSession{IngressId: id, ResourceId: each.info.State.ResourceId})
	}
	return answer, nil
}

// begin makes the state that of a new session.
func begin(info *livekit.IngressInfo) {
	now := time.Now().UnixNano()
	info.State = &livekit.IngressState{
		Status:     livekit.IngressState_ENDPOINT_BUFFERING,
		StartedAt:  now,
		UpdatedAt:  now,
		ResourceId: guid.New("IR_"),
	}
}

// open makes a session that LiveKit's server can end. An ingress has one at a time.
func (s *ingressService) open(info *livekit.IngressInfo, fault Fault) (*session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := info.IngressId
	if s.sessions[id] != nil {
		return nil, psrpc.NewErrorf(psrpc.AlreadyExists, "the ingress has a session already")
	}
	opened := &session{service: s, info: info, fault: fault}
	server, err := rpc.NewIngressHandlerServer(opened, s.bus)
	if err != nil {
		return nil, err
	}
	for _, register := range []func(string) error{server.RegisterUpdateIngressTopic, server.RegisterDeleteIngressTopic} {
		if err := register(id); err != nil {
			server.Kill()
			return nil, err
		}
	}
	opened.server = server
	s.sessions[id] = opened
	fmt.Printf("%s comes into %s\n", id, info.RoomName)
	return opened, nil
}

func (s *ingressService) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, id)
}

func (s *ingressService) endAll() {
	s.mu.Lock()
	running := make([]*session, 0, len(s.sessions))
	for _, each := range s.sessions {
		running = append(running, each)
	}
	s.mu.Unlock()
	for _, each := range running {
		each.stop()
	}
}
