// A stand-in for LiveKit's egress, ingress and SIP on one machine: it registers with an unmodified LiveKit server by LiveKit's own
// protocol, lets a recorder write files, a publisher bring media into calls, and telephones ring.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/livekit/protocol/rpc"
	"github.com/livekit/psrpc"
	"github.com/redis/go-redis/v9"
)

// Config is the content of the file that the first argument names.
type Config struct {
	// Redis is the server that LiveKit uses too.
	Redis struct {
		Address  string `json:"address"`
		Password string `json:"password"`
	} `json:"redis"`
	// URL is where recorders connect to LiveKit: `ws://…`.
	URL       string `json:"url"`
	APIKey    string `json:"apiKey"`
	APISecret string `json:"apiSecret"`
	// Folder holds files that are not uploaded, and those that are not uploaded yet.
	Folder string `json:"folder"`
	// Recorder is the command that records one call.
	Recorder []string `json:"recorder"`
	// Publisher is the command that publishes into one call; without it nothing comes in.
	Publisher []string `json:"publisher"`
	// Phone is the command that is a telephone in one call; without it no telephone is called.
	Phone []string `json:"phone"`
	// RtmpAddress is where senders connect by RTMP: `127.0.0.1:1935`; empty for none.
	RtmpAddress string `json:"rtmpAddress"`
	// WhipAddress is where senders connect by WHIP: `127.0.0.1:8080`; empty for none.
	WhipAddress string `json:"whipAddress"`
	// CallsAddress is where telephones call in: `127.0.0.1:8081`; empty for none.
	CallsAddress string `json:"callsAddress"`
	// Fault is for every recording: see `faults.go`. Empty for none.
	Fault string `json:"fault"`
	// MaxSeconds is how long a recording may last; 0 for no limit.
	MaxSeconds int `json:"maxSeconds"`
	// Picture limits the size and rate of pictures, so that tests compute less; nil for no limit.
	Picture *Picture `json:"picture"`
}

func readConfig(file string) (Config, error) {
	var config Config
	text, err := os.ReadFile(file)
	if err != nil {
		return config, err
	}
	if err := json.Unmarshal(text, &config); err != nil {
		return config, fmt.Errorf("%s: %w", file, err)
	}
	if config.Redis.Address == "" || config.URL == "" || config.Folder == "" || len(config.Recorder) == 0 {
		return config, fmt.Errorf("%s must name redis, url, folder and recorder", file)
	}
	_, err = parseFault(config.Fault)
	return config, err
}

func connect(ctx context.Context, config Config) (psrpc.MessageBus, error) {
	client := redis.NewClient(&redis.Options{Addr: config.Redis.Address, Password: config.Redis.Password})
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return psrpc.NewRedisMessageBus(client), nil
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: egress CONFIG.json")
	}
	config, err := readConfig(os.Args[1])
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	bus, err := connect(ctx, config)
	if err != nil {
		return err
	}
	reports, err := rpc.NewIOInfoClient(bus)
	if err != nil {
		return err
	}
	service := newService(config, bus, reports)
	server, err := rpc.NewEgressInternalServer(service, bus)
	if err != nil {
		return err
	}
	if err := server.RegisterStartEgressTopic(""); err != nil {
		return err
	}
	stopIngress, err := startIngress(config, bus, reports)
	if err != nil {
		return err
	}
	stopPhones, err := startPhones(config, bus, reports)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	stopIngress()
	stopPhones()
	server.Shutdown()
	service.endAll()
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
