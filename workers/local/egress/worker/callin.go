package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/rpc"
	"github.com/livekit/protocol/utils"
	"github.com/livekit/protocol/utils/guid"
)

const (
	maxCallBytes = 4 * 1024
	// LiveKit's server answers within that.
	answerTimeout = 5 * time.Second
)

// callIn is somebody who calls a number: what the provider says about the call, and the keys that are pressed.
type callIn struct {
	From string `json:"from"`
	To   string `json:"to"`
	// SourceIP is where the provider sends from, and FromHost what it says in the header `From`.
	SourceIP string `json:"sourceIp"`
	FromHost string `json:"fromHost"`
	Username string `json:"username"`
	Password string `json:"password"`
	Pin      string `json:"pin"`
	// TalkSeconds is how long somebody talks; 0: until they are hung up.
	TalkSeconds int `json:"talkSeconds"`
}

// outcome is what became of it: `accepted`, `unknown-number`, `unauthorized`, `dropped` or `wrong-pin`.
type outcome struct {
	Result   string `json:"result"`
	Identity string `json:"identity,omitempty"`
	Room     string `json:"room,omitempty"`
}

// listenForCalls takes calls, if it is configured: a request stands for the INVITE of a provider and the keys that are pressed after it.
func (s *phoneService) listenForCalls() (stop func(), err error) {
	if s.config.CallsAddress == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", s.config.CallsAddress)
	if err != nil {
		return nil, err
	}
	handler := http.NewServeMux()
	handler.HandleFunc("POST /calls", s.takeCall)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: answerTimeout}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }, nil
}

func (s *phoneService) takeCall(w http.ResponseWriter, r *http.Request) {
	var call callIn
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxCallBytes)).Decode(&call); err != nil {
		http.Error(w, "the call cannot be read", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	result, err := s.connect(ctx, call)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	fmt.Printf("%s calls %s: %s\n", call.From, call.To, result.Result)
	w.Header().Set("content-type", "application/json")
	_ = json.NewEncoder(w).Encode(result)
}

func describe(call callIn) *rpc.SIPCall {
	to := &livekit.SIPUri{User: call.To, Host: "sip.livekit.example"}
	return &rpc.SIPCall{
		LkCallId: guid.New(utils.SIPCallPrefix),
		SourceIp: call.SourceIP,
		From:     &livekit.SIPUri{User: call.From, Host: call.FromHost},
		To:       to,
		Address:  to,
	}
}

// connect does what the real worker does: LiveKit's server says how the provider identifies itself, and by the PIN which room it is.
func (s *phoneService) connect(ctx context.Context, call callIn) (outcome, error) {
	about := describe(call)
	expected, err := s.io.GetSIPTrunkAuthentication(ctx, &rpc.GetSIPTrunkAuthenticationRequest{Call: about})
	if err != nil {
		return outcome{}, err
	}
	if expected.SipTrunkId == "" || expected.Drop {
		return outcome{Result: "unknown-number"}, nil
	}
	if expected.Username != call.Username || expected.Password != call.Password {
		return outcome{Result: "unauthorized"}, nil
	}
	request := &rpc.EvaluateSIPDispatchRulesRequest{SipTrunkId: expected.SipTrunkId, Call: about, CallingNumber: call.From, CalledNumber: call.To}
	found, err := s.io.EvaluateSIPDispatchRules(ctx, request)
	if err != nil {
		return outcome{}, err
	}
	if found.Result == rpc.SIPDispatchResult_REQUEST_PIN {
		request.Pin, request.NoPin = call.Pin, call.Pin == ""
		found, err = s.io.EvaluateSIPDispatchRules(ctx, request)
		if err != nil || found.Result != rpc.SIPDispatchResult_ACCEPT {
			return outcome{Result: "wrong-pin"}, nil // also when no rule is left: the real worker plays the same
		}
	}
	if found.Result != rpc.SIPDispatchResult_ACCEPT {
		return outcome{Result: "dropped"}, nil
	}
	return outcome{Result: "accepted", Identity: found.ParticipantIdentity, Room: found.RoomName}, s.bringIn(about.LkCallId, call, found)
}

// bringIn lets the telephone into its room.
func (s *phoneService) bringIn(id string, call callIn, found *rpc.EvaluateSIPDispatchRulesResponse) error {
	found.ParticipantAttributes[livekit.AttrSIPCallStatus] = "active"
	isAllowed := true
	token, err := auth.NewAccessToken(s.config.APIKey, s.config.APISecret).
		SetVideoGrant(&auth.VideoGrant{RoomJoin: true, Room: found.RoomName, CanPublish: &isAllowed, CanSubscribe: &isAllowed, CanPublishData: &isAllowed, CanUpdateOwnMetadata: &isAllowed}).
		SetIdentity(found.ParticipantIdentity).
		SetName(found.ParticipantName).
		SetMetadata(found.ParticipantMetadata).
		SetAttributes(found.ParticipantAttributes).
		SetRoomPreset(found.RoomPreset).
		SetRoomConfig(found.RoomConfig).
		SetKind(livekit.ParticipantInfo_SIP).
		ToJWT()
	if err != nil {
		return err
	}
	plan := phonePlan{URL: s.config.URL, Token: token, TalkSeconds: call.TalkSeconds, IsAnswered: true}
	return s.run(id, plan)
}
