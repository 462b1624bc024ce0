package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/psrpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// phonePlan is what a telephone is asked to do.
type phonePlan struct {
	URL         string `json:"url"`
	Token       string `json:"token"`
	Leaves      string `json:"leaves"`
	TalkSeconds int    `json:"talkSeconds"`
	// RingSeconds is how long it rings before that; 0: three seconds.
	RingSeconds int `json:"ringSeconds"`
	// IsAnswered is true of one that called in: it does not ring.
	IsAnswered bool `json:"isAnswered"`
}

// behaviours of telephones by the last digits of their number; one with others is answered, and talks until it is hung up.
var behaviours = map[string]phonePlan{
	"9901": {Leaves: "USER_REJECTED"},
	"9902": {Leaves: "USER_UNAVAILABLE"},
	// A line that fails: the real worker names no reason either.
	"9903": {Leaves: "CLIENT_INITIATED"},
	"9904": {TalkSeconds: 5},
	"9908": {RingSeconds: 15},
}

const (
	// The request is taken, and nothing happens.
	numberThatHangs = "9905"
	// The worker of the telephone dies two seconds after it came into its room.
	numberThatDies = "9906"
	// A transfer to it fails.
	numberThatTakesNoTransfer = "9907"
)

// phoneService is the SIP worker that LiveKit's server finds on its bus: its telephones are processes that send a tone.
type phoneService struct {
	config Config
	io     rpc.IOInfoClient
	mu     sync.Mutex
	server rpc.SIPInternalServer
	// Telephones that are in their rooms, by LiveKit's id of the telephone call.
	phones map[string]*process
}

// startPhones registers with LiveKit's server; without a telephone it does not.
func startPhones(config Config, bus psrpc.MessageBus, io rpc.IOInfoClient) (stop func(), err error) {
	if len(config.Phone) == 0 {
		return func() {}, nil
	}
	s := &phoneService{config: config, io: io, phones: map[string]*process{}}
	if s.server, err = rpc.NewSIPInternalServer(s, bus); err != nil {
		return nil, err
	}
	if err := s.server.RegisterCreateSIPParticipantTopic(""); err != nil {
		s.server.Kill()
		return nil, err
	}
	stopCalls, err := s.listenForCalls()
	if err != nil {
		s.server.Kill()
		return nil, err
	}
	return func() {
		stopCalls()
		s.server.Shutdown()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, phone := range s.phones {
			phone.stop()
		}
	}, nil
}

// planOf is what the telephone with the number does. A trunk with the password `wrong` lets no call through.
func planOf(request *rpc.InternalCreateSIPParticipantRequest) phonePlan {
	if request.Password == "wrong" {
		return behaviours["9903"]
	}
	return behaviours[request.CallTo[max(0, len(request.CallTo)-4):]]
}

// CreateSIPParticipant answers once the participant is in its room, as the real worker does: then it rings.
func (s *phoneService) CreateSIPParticipant(ctx context.Context, request *rpc.InternalCreateSIPParticipantRequest) (*rpc.InternalCreateSIPParticipantResponse, error) {
	if strings.HasSuffix(request.CallTo, numberThatHangs) {
		<-ctx.Done()
		return nil, psrpc.NewError(psrpc.DeadlineExceeded, ctx.Err())
	}
	id := request.SipCallId
	if err := s.enter(id, request); err != nil {
		return nil, psrpc.NewError(psrpc.Internal, err)
	}
	fmt.Printf("%s calls %s by %s with the keys %q\n", id, request.CallTo, request.Address, request.Dtmf)
	if strings.HasSuffix(request.CallTo, numberThatDies) {
		s.mu.Lock()
		phone := s.phones[id]
		s.mu.Unlock()
		time.AfterFunc(2*time.Second, phone.kill)
	}
	return &rpc.InternalCreateSIPParticipantResponse{ParticipantIdentity: request.ParticipantIdentity, SipCallId: id}, nil
}

// enter starts the telephone, and waits until it is in its room.
func (s *phoneService) enter(id string, request *rpc.InternalCreateSIPParticipantRequest) error {
	attributes := maps.Clone(request.ParticipantAttributes)
	attributes[livekit.AttrSIPCallStatus] = "dialing"
	isAllowed := true
	token, err := auth.NewAccessToken(s.config.APIKey, s.config.APISecret).
		SetVideoGrant(&auth.VideoGrant{RoomJoin: true, Room: request.RoomName, CanUpdateOwnMetadata: &isAllowed}).
		SetIdentity(request.ParticipantIdentity).
		SetName(request.ParticipantName).
		SetAttributes(attributes).
		SetKind(livekit.ParticipantInfo_SIP).
		ToJWT()
	if err != nil {
		return err
	}
	plan := planOf(request)
	plan.URL, plan.Token = s.config.URL, token
	return s.run(id, plan)
}

// run starts a telephone that can be transferred, and waits until it is in its room.
func (s *phoneService) run(id string, plan phonePlan) error {
	phone, err := startProcess(s.config.Phone, plan)
	if err != nil {
		return err
	}
	if e, isOpen := <-phone.events; !isOpen || e.Event != "active" {
		phone.kill()
		return fmt.Errorf("the telephone did not come into its room")
	}
	if err := s.server.RegisterTransferSIPParticipantTopic(id); err != nil {
		phone.kill()
		return err
	}
	s.mu.Lock()
	s.phones[id] = phone
	s.mu.Unlock()
	go s.waitFor(id, phone)
	return nil
}

func (s *phoneService) waitFor(id string, phone *process) {
	for range phone.events { // until it has ended
	}
	err := phone.command.Wait()
	s.server.DeregisterTransferSIPParticipantTopic(id)
	s.mu.Lock()
	delete(s.phones, id)
	s.mu.Unlock()
	fmt.Printf("%s has ended: %v\n", id, err)
}

// TransferSIPParticipant has the telephone talk to another one, which it leaves its room for.
func (s *phoneService) TransferSIPParticipant(_ context.Context, request *rpc.InternalTransferSIPParticipantRequest) (*emptypb.Empty, error) {
	s.mu.Lock()
	phone := s.phones[request.SipCallId]
	s.mu.Unlock()
	if phone == nil {
		return nil, psrpc.NewErrorf(psrpc.NotFound, "there is no such telephone call")
	}
	if strings.HasSuffix(request.TransferTo, numberThatTakesNoTransfer) {
		return nil, psrpc.NewErrorf(psrpc.FailedPrecondition, "the transfer was declined")
	}
	fmt.Printf("%s is transferred to %s\n", request.SipCallId, request.TransferTo)
	phone.stop()
	return &emptypb.Empty{}, nil
}
