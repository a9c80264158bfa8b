//! The endpoints, and what each needs.

use signoff_domain::permission::Action;

/// Who may use an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nobody needs to be known.
    Nothing,
    /// Anybody who is known.
    Anybody,
    /// Whose role or key allows the action.
    Permission(Action),
}

/// What another organization's things are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// The request names something of theirs: it is not found.
    NotFound,
    /// The request names something of theirs in a place that has to be right: it is refused with 400.
    Invalid,
    /// The request filters by something of theirs: nothing is found.
    Empty,
    /// The request can name nothing of theirs.
    Nothing,
}

/// An endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    /// Its name in the description.
    pub(crate) operation: &'static str,
    pub(crate) needs: Needs,
    pub(crate) foreign: Foreign,
}

macro_rules! endpoints {
    ($($operation:ident $needs:ident $foreign:ident;)*) => {
        /// Every endpoint.
        pub(crate) const TABLE: &[Endpoint] = &[$(Endpoint {
            operation: stringify!($operation),
            needs: endpoints!(@needs $needs),
            foreign: Foreign::$foreign,
        }),*];
    };
    (@needs Nothing) => { Needs::Nothing };
    (@needs Anybody) => { Needs::Anybody };
    (@needs $action:ident) => { Needs::Permission(Action::$action) };
}

endpoints! {
    submitTask         TaskSubmit   NotFound;
    listTasks          TaskRead     Empty;
    peekNextTask       TaskReview   NotFound;
    claimNextTask      TaskReview   NotFound;
    getTask            TaskRead     NotFound;
    getTaskStatus      TaskRead     NotFound;
    waitForTask        TaskRead     NotFound;
    claimTask          TaskReview   NotFound;
    renewLease         TaskReview   NotFound;
    releaseTask        TaskReview   NotFound;
    skipTask           TaskReview   NotFound;
    submitReview       TaskReview   NotFound;
    cancelTask         TaskCancel   NotFound;
    reviseTask         TaskSubmit   NotFound;
    reopenTask         TaskReopen   NotFound;
    overrideTask       TaskOverride NotFound;
    assignTask         TaskReview   NotFound;
    listComments       TaskRead     NotFound;
    commentOnTask      TaskComment  NotFound;
    listTaskEvents     TaskRead     NotFound;
    listOffers         TaskReview   Nothing;
    acceptOffer        TaskReview   NotFound;
    declineOffer       TaskReview   NotFound;
    explainAssignment  TaskExplain  NotFound;
    submitBatch        TaskSubmit   NotFound;
    getBatch           TaskRead     NotFound;
    waitForBatch       TaskRead     NotFound;
    listQueues         QueueRead    Nothing;
    createQueue        QueueWrite   Invalid;
    getQueue           QueueRead    NotFound;
    changeQueue        QueueWrite   NotFound;
    deleteQueue        QueueWrite   NotFound;
    testPolicy         TaskRead     NotFound;
    dryRunEscalation   QueueRead    NotFound;
    simulateSla        QueueRead    NotFound;
    getTaskSla         TaskRead     NotFound;
    listReviews        ReviewRead   Empty;
    getReview          ReviewRead   NotFound;
    listEvents         EventRead    Empty;
    streamEvents       EventRead    Nothing;
    getCheckpoint      AuditRead    Nothing;
    exportLog          AuditRead    Nothing;
    proveInclusion     AuditRead    Nothing;
    proveConsistency   AuditRead    Nothing;
    login              Nothing      Nothing;
    loginByLink        Nothing      Nothing;
    logout             Anybody      Nothing;
    getMe              Anybody      Nothing;
    changeMe           SelfManage   Nothing;
    listSessions       SelfManage   Nothing;
    endSession         SelfManage   NotFound;
    listTokens         SelfManage   Nothing;
    createToken        SelfManage   Nothing;
    revokeToken        SelfManage   NotFound;
    listMembers        MemberRead   Nothing;
    getMember          MemberRead   NotFound;
    changeMember       MemberManage NotFound;
    getAvailability    MemberRead   NotFound;
    changeAvailability AvailabilityManage NotFound;
    setPresence        SelfManage   Nothing;
    listAbsences       MemberRead   Nothing;
    createAbsence      SelfManage   Invalid;
    previewAbsence     MemberRead   Invalid;
    revokeAbsence      SelfManage   NotFound;
    listDelegations    MemberRead   Nothing;
    createDelegation   SelfManage   Invalid;
    revokeDelegation   SelfManage   NotFound;
    listCalendars      QueueRead    Nothing;
    getCalendar        QueueRead    NotFound;
    putCalendar        QueueWrite   Nothing;
    deleteCalendar     QueueWrite   NotFound;
    importCalendar     QueueWrite   NotFound;
    listGroups         MemberRead   Nothing;
    getGroup           MemberRead   NotFound;
    putGroup           MemberManage Invalid;
    deleteGroup        MemberManage NotFound;
    listSchedules      MemberRead   Nothing;
    getSchedule        MemberRead   NotFound;
    putSchedule        QueueWrite   Invalid;
    deleteSchedule     QueueWrite   NotFound;
    getOnCall          MemberRead   NotFound;
    listInvitations    MemberManage Nothing;
    createInvitation   MemberManage Nothing;
    acceptInvitation   Nothing      Nothing;
    revokeInvitation   MemberManage NotFound;
    listKeys           KeyManage    Nothing;
    createKey          KeyManage    Invalid;
    revokeKey          KeyManage    NotFound;
    getOrganization    Anybody      Nothing;
    apply              QueueWrite   Nothing;
    export             MemberRead   Nothing;
}

/// An endpoint as the description tells of it.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) method: reqwest::Method,
    /// With `{…}` for what is named.
    pub(crate) path: String,
    /// The name of its body's schema, and whether the body has to be there.
    pub(crate) body: Option<(String, bool)>,
    /// The names of its parameters, with where they are.
    pub(crate) parameters: Vec<(String, String)>,
    /// The statuses of success.
    pub(crate) success: Vec<u16>,
}

/// Every endpoint of the description with its row of the table.
///
/// # Panics
/// When the two do not have the same endpoints.
pub(crate) fn endpoints() -> Vec<(&'static Endpoint, Described)> {
    let description = serde_json::to_value(signoff_http::description()).unwrap();
    let mut all = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            let row = TABLE.iter().find(|row| row.operation == name);
            let row = row.unwrap_or_else(|| panic!("{name} is not in the table: add it, and how it is called to call.rs"));
            let text = |parameter: &serde_json::Value, member: &str| parameter[member].as_str().unwrap().to_owned();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let described = Described {
                method: method.to_uppercase().parse().unwrap(),
                path: format!("/v1{path}"),
                body: operation.get("requestBody").map(body),
                parameters: parameters.map(|parameter| (text(parameter, "name"), text(parameter, "in"))).collect(),
                success: operation["responses"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .filter_map(|status| status.parse().ok().filter(|status| *status < 300))
                    .collect(),
            };
            all.push((row, described));
        }
    }
    assert_eq!(all.len(), TABLE.len(), "the table has an endpoint that the description has not");
    all
}

fn body(body: &serde_json::Value) -> (String, bool) {
    let schema = &body["content"]["application/json"]["schema"];
    let variants = schema["oneOf"].as_array().into_iter().flatten();
    let reference = std::iter::once(schema).chain(variants).find_map(|schema| schema["$ref"].as_str()).unwrap();
    (reference.rsplit('/').next().unwrap().into(), body["required"] == true)
}
