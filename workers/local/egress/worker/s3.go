package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/livekit/protocol/livekit"
)

const (
	uploadAttempts = 3
	uploadTimeout  = 2 * time.Minute
	retryAfter     = time.Second
)

var uploads = http.Client{Timeout: uploadTimeout}

// addressOf is the URL of an object: at the endpoint of the request, or at AWS.
func addressOf(s3 *livekit.S3Upload, key string) (*url.URL, error) {
	endpoint := s3.Endpoint
	if endpoint == "" {
		endpoint = fmt.Sprintf("https://s3.%s.amazonaws.com", regionOf(s3))
	} else if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	address, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	if s3.ForcePathStyle {
		return address.JoinPath(s3.Bucket, key), nil
	}
	address.Host = s3.Bucket + "." + address.Host
	return address.JoinPath(key), nil
}

func regionOf(s3 *livekit.S3Upload) string {
	if s3.Region == "" {
		return "us-east-1"
	}
	return s3.Region
}

// uploadToS3 puts a file into the bucket of the request and answers its location. A pretended one stays here.
func uploadToS3(s3 *livekit.S3Upload, key, file string, isPretended bool) (string, error) {
	address, err := addressOf(s3, key)
	if err != nil || isPretended {
		return fmt.Sprint(address), err
	}
	for attempt := 1; ; attempt++ {
		mayRetry, err := put(s3, address, file)
		if err == nil {
			return address.String(), nil
		}
		if !mayRetry || attempt == uploadAttempts {
			return "", fmt.Errorf("failed to upload: %w", err)
		}
		time.Sleep(retryAfter)
	}
}

// put sends the file once; an error that may pass may be retried.
func put(s3 *livekit.S3Upload, address *url.URL, file string) (mayRetry bool, err error) {
	body, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer func() { _ = body.Close() }()
	hash := sha256.New()
	size, err := io.Copy(hash, body)
	if err != nil {
		return false, err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	request, err := http.NewRequest(http.MethodPut, address.String(), io.NopCloser(body))
	if err != nil {
		return false, err
	}
	request.ContentLength = size
	request.Header.Set("content-type", contentTypeOf(path.Ext(file)))
	if s3.ContentDisposition != "" {
		request.Header.Set("content-disposition", s3.ContentDisposition)
	}
	for name, value := range s3.Metadata {
		request.Header.Set("x-amz-meta-"+name, value)
	}
	if err := sign(s3, request, hex.EncodeToString(hash.Sum(nil))); err != nil {
		return false, err
	}
	return send(request)
}

// contentTypeOf knows the types of segments itself: the tables of machines disagree about them.
func contentTypeOf(extension string) string {
	switch extension {
	case ".ts":
		return "video/mp2t"
	case ".m3u8":
		return "application/vnd.apple.mpegurl"
	}
	return mime.TypeByExtension(extension)
}

func sign(s3 *livekit.S3Upload, request *http.Request, sha string) error {
	request.Header.Set("x-amz-content-sha256", sha)
	account := aws.Credentials{AccessKeyID: s3.AccessKey, SecretAccessKey: s3.Secret, SessionToken: s3.SessionToken}
	signer := v4.NewSigner(func(options *v4.SignerOptions) { options.DisableURIPathEscaping = true })
	return signer.SignHTTP(context.Background(), account, request, sha, "s3", regionOf(s3), time.Now())
}

func send(request *http.Request) (mayRetry bool, err error) {
	answer, err := uploads.Do(request)
	if err != nil {
		return true, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 2000))
	if err != nil {
		return true, err
	}
	if answer.StatusCode >= 300 {
		return answer.StatusCode >= 500, fmt.Errorf("status %d: %s", answer.StatusCode, text)
	}
	return false, nil
}
