"""The codes and statuses by which AWS refuses a call.

A code stands in the answer, and whoever answers in AWS's place (a bucket of another make, a proxy)
writes there what it likes. So only codes that are known are said.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

_CODES = """
  AccessDenied AccessDeniedException AuthFailure ExpiredToken ExpiredTokenException
  IncompleteSignature InvalidAction InvalidClientTokenId InvalidSignatureException
  MissingAuthenticationToken NotAuthorized OptInRequired RequestExpired RequestTimeout
  RequestTimeTooSkewed SignatureDoesNotMatch UnrecognizedClientException InternalError
  InternalFailure InternalServerError ServiceUnavailable ServiceUnavailableException SlowDown
  Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException
  TooManyRequestsException BandwidthLimitExceeded RequestLimitExceeded LimitExceededException
  PriorRequestNotComplete EC2ThrottledException ValidationError ValidationException
  SerializationException ConditionalCheckFailedException ItemCollectionSizeLimitExceededException
  ProvisionedThroughputExceededException ResourceNotFoundException ResourceInUseException
  TransactionCanceledException TransactionConflictException TransactionInProgressException
  IdempotentParameterMismatchException ReplicatedWriteConflictException AccountProblem
  AllAccessDisabled BadDigest BucketAlreadyExists ConditionalRequestConflict EntityTooLarge
  EntityTooSmall IllegalLocationConstraintException IncompleteBody InvalidAccessKeyId
  InvalidArgument InvalidBucketName InvalidDigest InvalidEncryptionAlgorithmError
  InvalidLocationConstraint InvalidObjectState InvalidRequest InvalidSecurity InvalidStorageClass
  InvalidToken KeyTooLongError MalformedXML MethodNotAllowed MissingContentLength
  MovedPermanently NoSuchBucket NoSuchKey NotImplemented OperationAborted PermanentRedirect
  PreconditionFailed QuotaExceeded Redirect TemporaryRedirect UnexpectedContent
  XAmzContentSHA256Mismatch AWS.SimpleQueueService.NonExistentQueue QueueDoesNotExist
  InvalidMessageContents InvalidParameterValue MessageNotInflight OverLimit
  ReceiptHandleIsInvalid AWS.SimpleQueueService.BatchRequestTooLong InvalidAddress
  UnsupportedOperation AWS.SimpleQueueService.MessageNotInflight QueueDeletedRecently
  InvalidAttributeName InvalidKeyId ParameterNotFound ParameterVersionNotFound
  ParameterAlreadyExists ParameterLimitExceeded ParameterMaxVersionLimitExceeded TooManyUpdates
  DependencyTimeoutException DisabledException DryRunOperationException IncorrectKeyException
  InvalidCiphertextException InvalidGrantTokenException InvalidKeyUsageException
  KMSInternalException KMSInvalidStateException KeyUnavailableException NotFoundException
  UnsupportedOperationException MessageRejected MailFromDomainNotVerifiedException
  AccountSuspendedException SendingPausedException BadRequestException
"""
"""As the references of DynamoDB, S3, SQS, SSM, KMS and SES list them, and those of all services."""

_KNOWN = frozenset(_CODES.split())


def read_code(error: Exception) -> str:
    """What AWS's refusal is called: its code, if that is known; of any other error its kind."""
    if not isinstance(error, ClientError):
        return type(error).__name__
    return name_code(error.response.get("Error", {}).get("Code"))


def read_http_status(error: ClientError) -> int:
    """The HTTP status of AWS's refusal; 0 where none is known."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def name_code(code: object) -> str:
    """A code that is known, or that it is another one."""
    if isinstance(code, str) and code in _KNOWN:
        return code
    return "another code"
