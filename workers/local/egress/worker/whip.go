package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/mpegts"
	tscodecs "github.com/bluenviron/mediacommon/v2/pkg/formats/mpegts/codecs"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media/samplebuilder"
)

const (
	maxOfferBytes = 64 * 1024
	// A picture from which decoding can begin is asked for so often.
	keyFrameEvery = 2 * time.Second
	// Packets of a picture may come so many places too late.
	maxLatePackets = 256
	videoFormat    = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
)

// listenForWhip takes senders by WHIP, if it is configured.
func (s *ingressService) listenForWhip() (stop func(), err error) {
	if s.config.WhipAddress == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", s.config.WhipAddress)
	if err != nil {
		return nil, err
	}
	handler := http.NewServeMux()
	handler.HandleFunc("POST /whip", s.takeOffer)
	handler.HandleFunc("POST /whip/{key}", s.takeOffer)
	handler.HandleFunc("DELETE /whip/{key}/{resource}", s.endOffer)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: senderTimeout}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }, nil
}

// keyOf is the key that a sender names: its bearer token, or the last part of the address.
func keyOf(r *http.Request) string {
	if token, isBearer := strings.CutPrefix(r.Header.Get("authorization"), "Bearer "); isBearer {
		return token
	}
	return r.PathValue("key")
}

// takeOffer lets a sender in whose key is that of an ingress that is open, and answers how to send.
func (s *ingressService) takeOffer(w http.ResponseWriter, r *http.Request) {
	offer, err := io.ReadAll(io.LimitReader(r.Body, maxOfferBytes))
	if err != nil {
		http.Error(w, "the offer cannot be read", http.StatusBadRequest)
		return
	}
	key := keyOf(r)
	opened, err := s.openFor(key, livekit.IngressInput_WHIP_INPUT)
	if err != nil {
		fmt.Printf("a sender is refused: %v\n", err)
		http.Error(w, "there is no such ingress, or it takes nobody now", http.StatusForbidden)
		return
	}
	answer, err := opened.answer(string(offer))
	if err != nil {
		opened.discard(err)
		http.Error(w, "the offer cannot be answered", http.StatusBadRequest)
		return
	}
	w.Header().Set("content-type", "application/sdp")
	w.Header().Set("location", path.Join("/whip", key, opened.info.State.ResourceId))
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer)
}

// endOffer ends the session that a sender was given.
func (s *ingressService) endOffer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, each := range s.sessions {
		if each.info.StreamKey == r.PathValue("key") && each.info.State.ResourceId == r.PathValue("resource") {
			go each.stop()
			return
		}
	}
	http.Error(w, "there is no such session", http.StatusNotFound)
}

// newPeer speaks H.264 and Opus, on this machine only.
func newPeer() (*webrtc.PeerConnection, error) {
	media := &webrtc.MediaEngine{}
	for kind, codec := range map[webrtc.RTPCodecType]webrtc.RTPCodecParameters{
		webrtc.RTPCodecTypeVideo: {PayloadType: 102, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeH264, ClockRate: clockRate, SDPFmtpLine: videoFormat,
			RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}},
		}},
		webrtc.RTPCodecTypeAudio: {PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2,
		}},
	} {
		if err := media.RegisterCodec(codec, kind); err != nil {
			return nil, err
		}
	}
	settings := webrtc.SettingEngine{}
	settings.SetLite(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
}

// answer answers an offer; from then on what the sender sends is published until it goes.
func (s *session) answer(offer string) (string, error) {
	peer, err := newPeer()
	if err != nil {
		return "", err
	}
	if err := peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", closeWith(peer, err)
	}
	answer, err := peer.CreateAnswer(nil)
	if err != nil {
		return "", closeWith(peer, err)
	}
	gathered := webrtc.GatheringCompletePromise(peer)
	if err := peer.SetLocalDescription(answer); err != nil {
		return "", closeWith(peer, err)
	}
	<-gathered
	if err := s.receive(peer); err != nil {
		return "", closeWith(peer, err)
	}
	return peer.LocalDescription().SDP, nil
}

func closeWith(peer *webrtc.PeerConnection, err error) error {
	_ = peer.Close()
	return err
}

// receive has the media of a sender published until it goes.
func (s *session) receive(peer *webrtc.PeerConnection) error {
	media, _, err := s.publishPipe(func() { _ = peer.Close() })
	if err != nil {
		return err
	}
	stream, err := newStream(media, peer)
	if err != nil {
		return err
	}
	peer.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			go askForKeyFrames(peer, track)
			stream.writeVideo(track)
		} else {
			stream.writeAudio(track)
		}
	})
	peer.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		switch state {
		case webrtc.PeerConnectionStateDisconnected, webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			_ = media.Close() // the publisher ends with what it has
		}
	})
	return nil
}

func askForKeyFrames(peer *webrtc.PeerConnection, track *webrtc.TrackRemote) {
	for {
		if peer.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}}) != nil {
			return
		}
		time.Sleep(keyFrameEvery)
	}
}

// stream writes what comes from a sender as an MPEG transport stream.
type stream struct {
	mu           sync.Mutex
	writer       *mpegts.Writer
	audio, video *mpegts.Track
}

func newStream(media *os.File, peer *webrtc.PeerConnection) (*stream, error) {
	s := &stream{writer: &mpegts.Writer{W: media}}
	for _, each := range peer.GetTransceivers() {
		track := &mpegts.Track{Codec: &tscodecs.Opus{ChannelCount: 2}}
		if each.Kind() == webrtc.RTPCodecTypeVideo {
			track.Codec = &tscodecs.H264{}
			s.video = track
		} else {
			s.audio = track
		}
		s.writer.Tracks = append(s.writer.Tracks, track)
	}
	return s, s.writer.Initialize()
}

func (s *stream) writeVideo(track *webrtc.TrackRemote) {
	builder := samplebuilder.New(maxLatePackets, &codecs.H264Packet{}, clockRate)
	var first *uint32
	readPackets(track, func(packet *rtp.Packet) error {
		builder.Push(packet)
		for sample := builder.Pop(); sample != nil; sample = builder.Pop() {
			var unit h264.AnnexB
			if unit.Unmarshal(sample.Data) != nil {
				continue
			}
			if first == nil {
				first = &sample.PacketTimestamp
			}
			at := int64(sample.PacketTimestamp - *first)
			s.mu.Lock()
			err := s.writer.WriteH264(s.video, at, at, unit)
			s.mu.Unlock()
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *stream) writeAudio(track *webrtc.TrackRemote) {
	var first *uint32
	readPackets(track, func(packet *rtp.Packet) error {
		if len(packet.Payload) == 0 {
			return nil
		}
		if first == nil {
			first = &packet.Timestamp
		}
		at := int64(packet.Timestamp-*first) * clockRate / 48_000
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.writer.WriteOpus(s.audio, at, [][]byte{packet.Payload})
	})
}

// readPackets reads until the sender or the publisher goes.
func readPackets(track *webrtc.TrackRemote, take func(*rtp.Packet) error) {
	for {
		packet, _, err := track.ReadRTP()
		if err != nil || take(packet) != nil {
			return
		}
	}
}
